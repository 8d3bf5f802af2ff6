// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.Area;
import dev.etch.area.Device;
import dev.etch.area.Shortage;
import dev.etch.hardware.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** What the user asks for. */
public sealed interface Budget {
  /** As few cycles a frame as so many multipliers allow. */
  record Multipliers(int count) implements Budget {
    public Multipliers {
      if (count < 1) {
        throw new IllegalArgumentException("at least one multiplier");
      }
    }
  }

  /** As few multipliers as so many frames a second, at the mapping's clock, allow. */
  record FramesPerSecond(double rate) implements Budget {
    public FramesPerSecond {
      if (!(rate > 0) || Double.isInfinite(rate)) {
        throw new IllegalArgumentException("a frame rate is above 0");
      }
    }
  }

  /** As few multipliers as so many cycles a frame allow. */
  record CyclesPerFrame(long cycles) implements Budget {
    public CyclesPerFrame {
      if (cycles < 1) {
        throw new IllegalArgumentException("at least one cycle");
      }
    }
  }

  /**
   * As few cycles a frame as the estimated area allows. What is absent is not limited.
   *
   * @param multipliers DSP blocks
   * @param luts look-up tables
   * @param blocks memory blocks: of 36 kbit on xc7, EBR on ECP5 and iCE40, BSRAM on Gowin
   */
  record Resources(OptionalInt multipliers, OptionalInt luts, OptionalInt blocks)
      implements Budget {
    public Resources {
      if (Stream.of(multipliers, luts, blocks).noneMatch(OptionalInt::isPresent)) {
        throw new IllegalArgumentException("at least one of dsp, lut and bram");
      }
      if (Stream.of(multipliers, luts, blocks).anyMatch(r -> r.isPresent() && r.getAsInt() < 0)) {
        throw new IllegalArgumentException("an amount is not negative");
      }
    }

    /** All that a device has. */
    public static Resources of(Device device) {
      return new Resources(
          OptionalInt.of(device.multipliers()),
          OptionalInt.of(device.luts()),
          OptionalInt.of(device.blocks() / Area.partsOfBlock(device.target())));
    }

    /**
     * Resources by name, as text and options give them.
     *
     * @param amounts of {@code dsp}, {@code lut} and {@code bram}
     * @throws IllegalArgumentException if a name is another one, or an amount is negative
     */
    public static Resources of(Map<String, Integer> amounts) {
      for (String name : amounts.keySet()) {
        if (!NAMES.contains(name)) {
          throw new IllegalArgumentException("no resource " + name + "; one of: dsp, lut, bram");
        }
      }
      return new Resources(amount(amounts, "dsp"), amount(amounts, "lut"), amount(amounts, "bram"));
    }

    private static OptionalInt amount(Map<String, Integer> amounts, String name) {
      Integer amount = amounts.get(name);
      return amount == null ? OptionalInt.empty() : OptionalInt.of(amount);
    }

    /** Names of the resources, in the order in which they are printed. */
    private static final List<String> NAMES = List.of("dsp", "lut", "bram");

    /**
     * The limits that there are, by name, in the order of {@code dsp}, {@code lut}, {@code bram}.
     */
    public Map<String, Integer> amounts() {
      Map<String, Integer> amounts = new LinkedHashMap<>();
      multipliers.ifPresent(n -> amounts.put("dsp", n));
      luts.ifPresent(n -> amounts.put("lut", n));
      blocks.ifPresent(n -> amounts.put("bram", n));
      return amounts;
    }

    /** So much of each resource an area takes, in the units of {@link #amounts()}. */
    public static Map<String, Long> taken(Area area, Target target) {
      long parts = Area.partsOfBlock(target);
      return Map.of(
          "dsp", area.wholeMultipliers(),
          "lut", area.wholeLuts(),
          "bram", (area.wholeBlocks() + parts - 1) / parts);
    }

    /** What does not fit. */
    public List<Shortage> shortages(Area area, Target target) {
      Map<String, Long> taken = taken(area, target);
      return amounts().entrySet().stream()
          .filter(limit -> taken.get(limit.getKey()) > limit.getValue())
          .map(l -> new Shortage(spelled(l.getKey()), taken.get(l.getKey()), l.getValue()))
          .toList();
    }

    private static String spelled(String name) {
      return switch (name) {
        case "dsp" -> "DSP blocks";
        case "lut" -> "LUTs";
        default -> "memory blocks";
      };
    }

    /** The largest part of a limit that an area takes; above 1 it does not fit. */
    public double fullest(Area area, Target target) {
      Map<String, Long> taken = taken(area, target);
      return amounts().entrySet().stream()
          .mapToDouble(l -> taken.get(l.getKey()) / Math.max(0.5, l.getValue()))
          .max()
          .orElseThrow();
    }
  }
}
