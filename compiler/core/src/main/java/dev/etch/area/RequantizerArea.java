// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.area.AdderTreeArea.Row;
import dev.etch.hardware.PipelineStages;
import dev.etch.hardware.arithmetic.SignedDigits;
import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.hardware.requantizer.BiasedScale;
import dev.etch.hardware.requantizer.CentredScale;
import dev.etch.hardware.requantizer.Corrected;
import dev.etch.hardware.requantizer.Offset;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.hardware.requantizer.Scale;
import dev.etch.hardware.requantizer.Table;
import dev.etch.hardware.requantizer.Thresholds;
import dev.etch.hardware.requantizer.TwoPieceScale;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** {@code RequantizerPipeline} in the Verilog: accumulator to output element in eight registers. */
final class RequantizerArea {
  private static final int SUM_STAGES = PipelineStages.SUM;
  private static final int STAGES = PipelineStages.REQUANTIZER;

  private final Fabric fabric;
  private final BigInteger low;
  private final BigInteger high;
  private final int accumulatorBits;
  private final int resultBits;

  /**
   * A requantizer.
   *
   * @param low smallest accumulator
   * @param high largest accumulator
   * @param accumulatorBits signed
   * @param resultBits of the output element
   */
  RequantizerArea(Fabric fabric, long low, long high, int accumulatorBits, int resultBits) {
    this.fabric = fabric;
    this.low = BigInteger.valueOf(low);
    this.high = BigInteger.valueOf(high);
    this.accumulatorBits = accumulatorBits;
    this.resultBits = resultBits;
  }

  /**
   * The requantizer of the outputs {@code first}, {@code first + step}, ...
   *
   * @param count how many outputs
   */
  Area of(Requantizer form, int first, int step, int count) {
    Channels channels = new Channels(first, step, count);
    if (form instanceof Offset offset) {
      return offset(offset, channels);
    }
    if (form instanceof Scale scale) {
      return scale(
          channels.of(scale.multipliers()),
          channels.of(scale.offsets()),
          scale.shift(),
          scale.tieRule(),
          new Clamp(scale.low(), scale.high()),
          List.of());
    }
    if (form instanceof TwoPieceScale pieces) {
      return twoPieces(pieces, channels);
    }
    if (form instanceof BiasedScale biased) {
      return biased(biased, channels);
    }
    if (form instanceof Corrected corrected) {
      return corrected(corrected, channels);
    }
    if (form instanceof CentredScale centred) {
      return centred(centred, channels);
    }
    if (form instanceof Table table) {
      List<List<Integer>> own = channels.of(table.tables()).stream().distinct().toList();
      int words = own.size() * own.get(0).size();
      return fabric
          .memories()
          .constant(fabric, words, resultBits, resultBits)
          .plus(delayed(resultBits, STAGES - 1));
    }
    return thresholds((Thresholds) form, channels);
  }

  private Area centred(CentredScale form, Channels channels) {
    List<Long> biases = channels.of(form.biases());
    List<Long> rests = channels.of(form.rests());
    List<Long> exponents = channels.of(form.exponents()).stream().map(Integer::longValue).toList();
    int most = Math.toIntExact(exponents.stream().mapToLong(e -> e).max().orElseThrow());
    int least = Math.toIntExact(exponents.stream().mapToLong(e -> e).min().orElseThrow());
    int biased = Math.max(accumulatorBits, signedBits(biases)) + 1;
    int scaled = biased + most;
    int multiplier = signedBits(channels.of(form.multipliers()));
    double limited = scaled > form.operandBits() ? form.operandBits() + scaled / 3.0 : 0;
    double shifted = scaled * (fabric.multiplexer(most - least + 1));
    int restBits = signedBits(rests) - zeros(rests, form.shift());
    Area constants =
        constant(biases, biased)
            .plus(constant(channels.of(form.multipliers()), multiplier))
            .plus(constant(exponents, most == least ? 0 : Fabric.bits(most + 1)))
            .plus(
                constant(
                    rests.stream().map(r -> r >> zeros(rests, form.shift())).toList(), restBits));
    BigInteger end = BigInteger.ONE.shiftLeft(form.operandBits() + multiplier - 1);
    return new Area(
            fabric.adder(biased) + limited + shifted, (double) biased + scaled + restBits, 1, 0)
        .plus(constants)
        .plus(corrections(channels.of(form.raised()), channels.of(form.lowered())))
        .plus(
            finish(
                end.negate().shiftRight(form.shift()),
                end.shiftRight(form.shift()),
                form.shift(),
                TieRule.NONE,
                new Clamp(form.low(), form.high())));
  }

  /** An adder and its register in front of a scale with one more row, half a step. */
  private Area biased(BiasedScale form, Channels channels) {
    List<Long> biases = channels.of(form.biases());
    BigInteger least = BigInteger.valueOf(Collections.min(biases)).add(low);
    BigInteger most = BigInteger.valueOf(Collections.max(biases)).add(high);
    int bits = signedBits(least, most);
    RequantizerArea product =
        new RequantizerArea(
            fabric, least.longValueExact(), most.longValueExact(), bits, resultBits);
    List<Long> multipliers = channels.of(form.multipliers());
    return new Area(fabric.adder(bits), bits, 0, 0)
        .plus(constant(biases, bits))
        .plus(
            product.scale(
                multipliers,
                Collections.nCopies(multipliers.size(), 1L << (form.shift() - 1)),
                form.shift(),
                TieRule.NONE,
                new Clamp(form.low(), form.high()),
                List.of(new Row(1, 0))));
  }

  private record Channels(int first, int step, int count) {
    <T> List<T> of(List<T> all) {
      List<T> own = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        own.add(all.size() == 1 ? all.get(0) : all.get((first + i * step) % all.size()));
      }
      return own;
    }
  }

  private record Clamp(int low, int high) {}

  private Area offset(Offset form, Channels channels) {
    List<Long> offsets = channels.of(form.offsets());
    boolean adds = offsets.stream().anyMatch(o -> o != 0);
    Area sum = adds ? Area.luts(fabric.adder(accumulatorBits)) : Area.NONE;
    return sum.plus(constant(offsets, accumulatorBits))
        .plus(Area.flipFlops(accumulatorBits * (double) offsetRegisters(offsets)))
        .plus(delayed(resultBits, STAGES));
  }

  private Area corrected(Corrected form, Channels channels) {
    List<List<Long>> raised = channels.of(form.raised());
    List<List<Long>> lowered = channels.of(form.lowered());
    return corrections(raised, lowered)
        .plus(
            scale(
                channels.of(form.multipliers()),
                channels.of(form.offsets()),
                form.shift(),
                form.tieRule(),
                new Clamp(form.low(), form.high()),
                Collections.nCopies(
                    slots(raised, lowered), new Row(form.shift() + 1, form.shift() - 1))));
  }

  /** Two memories and a comparison a slot. */
  private Area corrections(List<List<Long>> raised, List<List<Long>> lowered) {
    int slots = slots(raised, lowered);
    Area tables = Area.NONE;
    for (int slot = 0; slot < slots; slot++) {
      tables = tables.plus(correction(slot, raised, lowered));
    }
    return tables.plus(
        new Area(
            slots * (fabric.condition(2.0 * accumulatorBits) + 1),
            raised.size() > 1 ? slots * (accumulatorBits + 1.0) : 0,
            0,
            0));
  }

  /**
   * Where a channel's result is moved, and whether downwards; channels that do not use the slot
   * name an accumulator that cannot occur.
   */
  private Area correction(int slot, List<List<Long>> raised, List<List<Long>> lowered) {
    List<Long> places = new ArrayList<>();
    List<Long> downwards = new ArrayList<>();
    for (int c = 0; c < raised.size(); c++) {
      int beyond = slot - raised.get(c).size();
      boolean lowers = beyond >= 0 && beyond < lowered.get(c).size();
      downwards.add(lowers ? 1L : 0);
      if (beyond < 0) {
        places.add(raised.get(c).get(slot));
      } else {
        places.add(lowers ? lowered.get(c).get(beyond) : high.longValue() + 1);
      }
    }
    return constant(places, accumulatorBits).plus(constant(downwards, 1));
  }

  /** The most corrections of one channel. */
  private static int slots(List<List<Long>> raised, List<List<Long>> lowered) {
    return IntStream.range(0, raised.size())
        .map(c -> raised.get(c).size() + lowered.get(c).size())
        .max()
        .orElse(0);
  }

  /** A comparison with as many bits as the pivots do not end in zeros, and one more row. */
  private Area twoPieces(TwoPieceScale form, Channels channels) {
    List<Long> pivots = channels.of(form.pivots());
    List<Long> belows = channels.of(form.belows());
    int compared = accumulatorBits - zeros(pivots, accumulatorBits - 1);
    Row row = new Row(signedBits(belows), zeros(belows, signedBits(belows)));
    Area piece =
        Area.luts(compared / 2.0)
            .plus(constant(pivots, Math.max(accumulatorBits, signedBits(pivots))))
            .plus(constant(belows, row.bits()))
            .plus(Area.flipFlops(offsetRegisters(pivots) * (double) compared))
            .plus(Area.flipFlops(offsetRegisters(belows) * (double) row.used()));
    return piece.plus(
        scale(
            channels.of(form.multipliers()),
            channels.of(form.offsets()),
            form.shift(),
            TieRule.NONE,
            new Clamp(form.low(), form.high()),
            List.of(row)));
  }

  /** How many low bits are zero in all, at most {@code most}. */
  private static int zeros(List<Long> values, int most) {
    return values.stream().mapToInt(Long::numberOfTrailingZeros).reduce(most, Math::min);
  }

  private Area scale(
      List<Long> multipliers,
      List<Long> offsets,
      int shift,
      TieRule tieRule,
      Clamp clamp,
      List<Row> corrections) {
    BigInteger least = null;
    BigInteger most = null;
    for (int c = 0; c < multipliers.size(); c++) {
      BigInteger multiplier = BigInteger.valueOf(multipliers.get(c));
      BigInteger offset = BigInteger.valueOf(offsets.get(c));
      for (BigInteger end : List.of(low, high)) {
        BigInteger value = multiplier.multiply(end).add(offset);
        least = least == null ? value : least.min(value);
        most = most == null ? value : most.max(value);
      }
    }
    int bits = Math.max(signedBits(least, most), shift + 1);
    List<Row> rows = new ArrayList<>();
    Area area =
        multipliers.stream().distinct().count() == 1
            ? constantRows(multipliers.get(0), accumulatorBits, rows)
            : variableRows(multipliers, rows);
    if (offsets.stream().anyMatch(o -> o != 0)) {
      rows.add(new Row(Math.min(bits, signedBits(offsets)), 0, offsetRegisters(offsets)));
      area = area.plus(constant(offsets, rows.get(rows.size() - 1).bits()));
    }
    rows.addAll(corrections);
    return area.plus(sum(rows, least, most, shift, tieRule, clamp.low(), clamp.high()));
  }

  /** The adder tree and what follows it, for sums from {@code least} to {@code most}. */
  Area sum(
      List<Row> rows,
      BigInteger least,
      BigInteger most,
      int shift,
      TieRule tieRule,
      int lowest,
      int highest) {
    int bits = Math.max(signedBits(least, most), shift + 1);
    Clamp clamp = new Clamp(lowest, highest);
    return new AdderTreeArea(fabric, bits)
        .of(rows, SUM_STAGES)
        .plus(finish(least.shiftRight(shift), most.shiftRight(shift), shift, tieRule, clamp));
  }

  /** A row for each canonical signed digit; only the inverted ones take tables. */
  Area constantRows(long multiplier, int operandBits, List<Row> rows) {
    long rest = multiplier;
    int negative = 0;
    for (int place = 0; rest != 0; place++) {
      if ((rest & 1) != 0) {
        boolean minus = (rest & 3) == 3;
        negative += minus ? 1 : 0;
        rows.add(new Row(operandBits + place, place));
        rest += minus ? 1 : -1;
      }
      rest >>= 1;
    }
    return Area.luts(negative * operandBits / 2.0);
  }

  /** A read-only memory with a word an output. */
  private Area table(Columns columns, List<Long> values) {
    return columns.bits() == 0
        ? Area.NONE
        : fabric
            .memories()
            .constant(fabric, values.size(), columns.bits(), columns.distinct(), different(values));
  }

  /** Words without the bits of the address that nothing depends on: pixels of a block repeat. */
  private static int different(List<Long> values) {
    int different = values.size();
    for (int place = 1; place < values.size(); place *= 2) {
      if (repeats(values, place)) {
        different = (different + 1) / 2;
      }
    }
    return different;
  }

  private static boolean repeats(List<Long> values, int place) {
    return IntStream.range(0, values.size())
        .filter(i -> (i & place) != 0)
        .allMatch(i -> values.get(i).equals(values.get(i - place)));
  }

  /** A row for each radix-4 digit of the multiplier with most of them. */
  private Area variableRows(List<Long> multipliers, List<Row> rows) {
    List<BigInteger> values = multipliers.stream().map(BigInteger::valueOf).toList();
    int count = SignedDigits.radix4Count(values);
    List<List<Integer>> all = values.stream().map(v -> SignedDigits.radix4(v, count)).toList();
    ColumnCounter codes = new ColumnCounter();
    for (int i = 0; i < count; i++) {
      int place = i;
      rows.add(new Row(accumulatorBits + 1 + 2 * i, 2 * i));
      codes.add(
          all.stream().mapToInt(digits -> SignedDigits.code(digits.get(place))).toArray(),
          SignedDigits.CODE_BITS);
    }
    return table(codes.columns(), multipliers)
        .plus(Area.luts(count * fabric.digitRow(accumulatorBits + 1)));
  }

  private Area finish(BigInteger least, BigInteger most, int shift, TieRule tieRule, Clamp clamp) {
    boolean ties = tieRule != TieRule.NONE && shift > 0;
    BigInteger floor = ties ? least.subtract(BigInteger.ONE) : least;
    int bits =
        signedBits(
            floor.min(BigInteger.valueOf(clamp.low())), most.max(BigInteger.valueOf(clamp.high())));
    double luts = ties ? fabric.condition(shift) + 1 + fabric.adder(bits) : 0;
    boolean clampsLow = floor.compareTo(BigInteger.valueOf(clamp.low())) < 0;
    boolean clampsHigh = most.compareTo(BigInteger.valueOf(clamp.high())) > 0;
    luts += clampsLow ? bits / 2.0 + resultBits / 2.0 : 0;
    luts += clampsHigh ? bits / 2.0 + resultBits / 2.0 : 0;
    // quotient, rounded and result
    return new Area(luts, 2.0 * bits + resultBits + (ties ? 1 : 0), 0, 0);
  }

  private Area thresholds(Thresholds form, Channels channels) {
    List<List<Long>> lists = channels.of(form.thresholds());
    int most = lists.stream().mapToInt(List::size).max().orElse(0);
    Area comparators =
        new ThresholdArea(fabric, accumulatorBits + 1, lists, low.longValue(), high.longValue())
            .of();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      rows.add(new Row(1, 0));
    }
    int total = Math.max(2, Fabric.bits(most + 1) + 1);
    return comparators
        .plus(new AdderTreeArea(fabric, total).of(rows, SUM_STAGES))
        .plus(Area.luts(form.low() == 0 ? 0 : fabric.adder(resultBits)))
        .plus(delayed(resultBits, STAGES - SUM_STAGES - 1));
  }

  /** Registers behind a word a channel. */
  private static int offsetRegisters(List<Long> values) {
    return values.stream().distinct().count() == 1 ? 0 : 1;
  }

  /** A word a channel, without the register that it is read into. */
  private Area constant(List<Long> values, int bits) {
    ColumnCounter columns = new ColumnCounter();
    columns.add(values.stream().mapToLong(Long::longValue).toArray(), bits);
    Area table = table(columns.columns(), values);
    return table.plus(Area.flipFlops(-table.flipFlops()));
  }

  private Area delayed(int bits, int stages) {
    return fabric.memories().shiftRegister(bits, stages);
  }

  private static int signedBits(List<Long> values) {
    long least = values.stream().mapToLong(Long::longValue).min().orElseThrow();
    long most = values.stream().mapToLong(Long::longValue).max().orElseThrow();
    return signedBits(BigInteger.valueOf(least), BigInteger.valueOf(most));
  }

  private static int signedBits(BigInteger least, BigInteger most) {
    return Math.max(least.bitLength(), most.bitLength()) + 1;
  }
}
