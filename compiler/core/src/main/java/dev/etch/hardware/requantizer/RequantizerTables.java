// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import dev.etch.hardware.memory.ConstantTable;
import dev.etch.hardware.memory.Memory;
import dev.etch.hardware.memory.MemoryUse;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The read-only memories of one requantizer: a word for each channel that it serves, or for each
 * number that it looks up. From these the generator builds, and the report counts.
 */
public final class RequantizerTables {
  private final Map<String, ConstantTable> tables = new LinkedHashMap<>();

  private RequantizerTables(List<ConstantTable> tables) {
    tables.forEach(table -> this.tables.put(table.name(), table));
  }

  /**
   * The memories of a requantizer.
   *
   * @param form of the requantizer
   * @param channels the channel of each index
   * @param low smallest accumulator
   * @param high largest accumulator
   * @param resultBits of the output element
   */
  public static RequantizerTables of(
      Requantizer form, List<Integer> channels, BigInteger low, BigInteger high, int resultBits) {
    Accumulators accumulators = new Accumulators(channels, low, high);
    return new RequantizerTables(form.accept(new Constants(accumulators, resultBits)));
  }

  /** The table of that name; null if the form needs none. */
  public ConstantTable get(String name) {
    return tables.get(name);
  }

  /** Those that become memories, in a pipeline whose names begin with {@code prefix}. */
  public List<Memory> memories(String prefix) {
    return tables.values().stream()
        .filter(table -> !table.isConstant())
        .map(table -> table.memory(prefix, MemoryUse.TABLES))
        .toList();
  }

  /** Those that the host loads, in the order of their memories. */
  public List<ConstantTable> loaded() {
    return tables.values().stream().filter(ConstantTable::loaded).toList();
  }

  /** Calls the class that makes the constants of a form. */
  private record Constants(Accumulators accumulators, int resultBits)
      implements Requantizer.Visitor<List<ConstantTable>> {
    @Override
    public List<ConstantTable> offset(Offset form) {
      return OffsetConstants.of(form, accumulators);
    }

    @Override
    public List<ConstantTable> scale(Scale form) {
      return ScaleConstants.of(form, accumulators);
    }

    @Override
    public List<ConstantTable> corrected(Corrected form) {
      return CorrectedConstants.of(form, accumulators);
    }

    @Override
    public List<ConstantTable> floatScale(FloatScale form) {
      return BiasedProductConstants.of(form.biases(), form.multipliers(), accumulators);
    }

    @Override
    public List<ConstantTable> loadedScale(LoadedScale form) {
      return LoadedScaleConstants.of(form, accumulators);
    }

    @Override
    public List<ConstantTable> loadedFixedPoint(LoadedFixedPoint form) {
      return LoadedScaleConstants.of(form, accumulators);
    }

    @Override
    public List<ConstantTable> twoPieceScale(TwoPieceScale form) {
      return TwoPieceScaleConstants.of(form, accumulators);
    }

    @Override
    public List<ConstantTable> biasedScale(BiasedScale form) {
      return BiasedProductConstants.of(form.biases(), form.multipliers(), accumulators);
    }

    @Override
    public List<ConstantTable> sharedScale(SharedScale form) {
      return BiasedProductConstants.of(form.biases(), List.of(form.multiplier()), accumulators);
    }

    @Override
    public List<ConstantTable> thresholds(Thresholds form) {
      return ThresholdsConstants.of(form, accumulators);
    }

    @Override
    public List<ConstantTable> table(Table form) {
      return TableConstants.of(form, accumulators, resultBits);
    }

    @Override
    public List<ConstantTable> centredScale(CentredScale form) {
      return CentredScaleConstants.of(form, accumulators);
    }
  }
}
