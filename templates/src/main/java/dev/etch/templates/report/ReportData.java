// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Objects;

/**
 * Everything that a report says about a design. The components are the keys of {@code report.json},
 * in this order.
 *
 * @param model name of the model, as the model spells it
 * @param arithmetic which release of the framework it equals, where they differ; empty if they do
 *     not
 * @param target FPGA family or {@code generic}
 * @param clock that it runs at
 * @param macs multiply-accumulates of a frame, zeros included
 * @param nonzeroMacs those whose weight is not zero
 * @param multipliers physical multipliers
 * @param macLanes products that they can make a cycle
 * @param cyclesPerFrame clock cycles between frames in a steady stream
 * @param latencyCycles clock cycles from the first input beat to the last output beat of one frame
 * @param area estimated cells of the whole design, with queues and bus registers
 * @param units in the order of the data flow
 * @param streams the queues between units, and from and to the host
 * @param compression what each form of compression was worth
 * @param external what units read from a memory outside; nothing if none does
 * @param passes what the compiler did, in order
 * @param warnings diagnostics that did not stop the compiler, ready to read
 */
@JsonIgnoreProperties(
    value = {"clockMHz", "framesPerSecond"},
    allowGetters = true)
@JsonPropertyOrder({
  "model",
  "arithmetic",
  "target",
  "clockMHz",
  "clock",
  "macs",
  "nonzeroMacs",
  "multipliers",
  "macLanes",
  "cyclesPerFrame",
  "latencyCycles",
  "framesPerSecond",
  "area",
  "units",
  "streams",
  "compression",
  "external",
  "passes",
  "warnings"
})
public record ReportData(
    String model,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String arithmetic,
    String target,
    ClockReport clock,
    long macs,
    long nonzeroMacs,
    int multipliers,
    int macLanes,
    Cycles cyclesPerFrame,
    Cycles latencyCycles,
    AreaReport area,
    List<UnitReport> units,
    List<StreamReport> streams,
    CompressionReport compression,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ExternalReport> external,
    List<PassReport> passes,
    List<String> warnings) {
  public ReportData {
    Objects.requireNonNull(model);
    arithmetic = Objects.requireNonNullElse(arithmetic, "");
    Objects.requireNonNull(target);
    Objects.requireNonNull(clock);
    Objects.requireNonNull(cyclesPerFrame);
    Objects.requireNonNull(latencyCycles);
    Objects.requireNonNull(area);
    units = List.copyOf(units);
    streams = List.copyOf(streams);
    Objects.requireNonNull(compression);
    external = external == null ? List.of() : List.copyOf(external);
    passes = List.copyOf(passes);
    warnings = List.copyOf(warnings);
    if (nonzeroMacs > macs || nonzeroMacs < 0) {
      throw new IllegalArgumentException(nonzeroMacs + " nonzero of " + macs + " MACs");
    }
  }

  /** The clock in MHz. */
  @JsonProperty("clockMHz")
  public double clockMHz() {
    return clock.mhz();
  }

  /** Frames a second at the clock; from the measured cycles if there are, else the predicted. */
  @JsonProperty("framesPerSecond")
  public double framesPerSecond() {
    return Math.round(clock.mhz() * 1e7 / cyclesPerFrame.best()) / 10.0;
  }

  /** The same report after a verification has measured. */
  public ReportData withMeasured(long measuredCyclesPerFrame, long measuredLatencyCycles) {
    return new ReportData(
        model,
        arithmetic,
        target,
        clock,
        macs,
        nonzeroMacs,
        multipliers,
        macLanes,
        cyclesPerFrame.withMeasured(measuredCyclesPerFrame),
        latencyCycles.withMeasured(measuredLatencyCycles),
        area,
        units,
        streams,
        compression,
        external,
        passes,
        warnings);
  }

  /** The same report after place and route has measured the clock. */
  public ReportData withRouted(double megahertz, String device, String speedGrade, int seeds) {
    return new ReportData(
        model,
        arithmetic,
        target,
        clock.routed(megahertz, device, speedGrade, seeds),
        macs,
        nonzeroMacs,
        multipliers,
        macLanes,
        cyclesPerFrame,
        latencyCycles,
        area,
        units,
        streams,
        compression,
        external,
        passes,
        warnings);
  }

  /**
   * A count of clock cycles.
   *
   * @param predicted by the cycle model, at least 1
   * @param measured in simulation; null before a verification
   */
  @JsonPropertyOrder({"predicted", "measured"})
  public record Cycles(long predicted, Long measured) {
    public Cycles {
      if (predicted < 1 || (measured != null && measured < 1)) {
        throw new IllegalArgumentException("cycles below 1: " + predicted + ", " + measured);
      }
    }

    /** Not measured yet. */
    public static Cycles predictedOnly(long predicted) {
      return new Cycles(predicted, null);
    }

    /** The measured count if there is one. */
    long best() {
      return measured == null ? predicted : measured;
    }

    private Cycles withMeasured(long cycles) {
      return new Cycles(predicted, cycles);
    }
  }

  /**
   * Estimated cells.
   *
   * @param luts look-up tables, of six inputs on xc7 and four elsewhere
   * @param flipFlops registers
   * @param multipliers DSP blocks
   * @param blocks memory blocks: halves of 18 kbit on xc7, EBR on ECP5 and iCE40, BSRAM on Gowin
   */
  @JsonPropertyOrder({"luts", "flipFlops", "multipliers", "blocks"})
  public record AreaReport(long luts, long flipFlops, long multipliers, long blocks) {}

  /**
   * One hardware unit.
   *
   * @param name its Verilog name
   * @param layer the layer in the model, as the model spells it
   * @param kind a word such as {@code conv}, {@code dense}, {@code maxpool}, {@code add}
   * @param cyclesPerFrame cycles that it is busy for a frame
   * @param multipliers physical multipliers in it
   * @param macLanes products that they can make a cycle
   * @param utilization useful products of possible ones over a frame of the whole design, 0 to 1; 0
   *     for a unit without multipliers
   * @param bits of its memories, without its queues
   * @param bitsPerProduct bits of its schedule, weights included, for each product that a run of it
   *     makes; 0 for a unit without weights
   * @param bitsPerWeight bits of its schedule for each nonzero weight of its layer: more than a
   *     product's where a run has a weight several times, fewer where a word serves several
   *     products; 0 for a unit without constant weights
   * @param entropyPerWeight bits that a nonzero weight of its layer takes at least: the entropy of
   *     their values and of their places; 0 for a unit without constant weights
   * @param fifoDepth beats in the queue in front of it, the deepest of them if there are several
   * @param bottleneck whether it sets the cycles per frame of the design
   * @param macs multiply-accumulates of a frame, zeros included
   * @param nonzeroMacs those whose weight is not zero
   * @param area estimated cells, without its queues
   */
  @JsonIgnoreProperties(
      value = {"sparsity", "memoryBits"},
      allowGetters = true)
  @JsonPropertyOrder({
    "name",
    "layer",
    "kind",
    "cyclesPerFrame",
    "multipliers",
    "macLanes",
    "utilization",
    "memoryBits",
    "bits",
    "bitsPerProduct",
    "bitsPerWeight",
    "entropyPerWeight",
    "fifoDepth",
    "bottleneck",
    "macs",
    "nonzeroMacs",
    "sparsity",
    "area"
  })
  public record UnitReport(
      String name,
      String layer,
      String kind,
      long cyclesPerFrame,
      int multipliers,
      int macLanes,
      double utilization,
      BitsReport bits,
      double bitsPerProduct,
      double bitsPerWeight,
      double entropyPerWeight,
      int fifoDepth,
      boolean bottleneck,
      long macs,
      long nonzeroMacs,
      AreaReport area) {
    public UnitReport {
      Objects.requireNonNull(name);
      Objects.requireNonNull(layer);
      Objects.requireNonNull(kind);
      Objects.requireNonNull(bits);
      Objects.requireNonNull(area);
      if (!(utilization >= 0 && utilization <= 1)) {
        throw new IllegalArgumentException(name + " has utilization " + utilization);
      }
      if (nonzeroMacs > macs || nonzeroMacs < 0) {
        throw new IllegalArgumentException(name + ": " + nonzeroMacs + " of " + macs + " MACs");
      }
    }

    /** Bits of all its memories. */
    @JsonProperty("memoryBits")
    public long memoryBits() {
      return bits.total();
    }

    /** Share of zeros among its multiply-accumulates, 0 to 1. */
    @JsonProperty("sparsity")
    public double sparsity() {
      return macs == 0 ? 0 : (double) (macs - nonzeroMacs) / macs;
    }
  }

  /**
   * What a unit reads from the memory outside.
   *
   * @param unit its Verilog name
   * @param dataBits of a beat of the bus
   * @param imageBytes that its words take there
   * @param beatsPerFrame that it reads
   * @param busCyclesPerFrame that the memory takes for them, with its refreshes: no frame is faster
   * @param queueBits of the queue that is read ahead into
   */
  @JsonPropertyOrder({
    "unit",
    "dataBits",
    "imageBytes",
    "beatsPerFrame",
    "busCyclesPerFrame",
    "queueBits"
  })
  public record ExternalReport(
      String unit,
      int dataBits,
      long imageBytes,
      long beatsPerFrame,
      long busCyclesPerFrame,
      long queueBits) {
    public ExternalReport {
      Objects.requireNonNull(unit);
    }
  }

  /**
   * Bits of a unit's memories, counted from what is built.
   *
   * @param weights factors of its lanes
   * @param positions which beats and elements its lanes read
   * @param coded words of its lanes in coded form, weights and positions in one
   * @param codebook tables of the symbols of coded words
   * @param flags whether a lane works in a step, and whether a part ends
   * @param drains when outputs leave the lanes
   * @param tables constants of requantizers, and functions that are looked up
   * @param buffers memories that are written: windows, outputs in reorder, rows
   */
  @JsonPropertyOrder({
    "weights",
    "positions",
    "coded",
    "codebook",
    "flags",
    "drains",
    "tables",
    "buffers"
  })
  public record BitsReport(
      long weights,
      long positions,
      long coded,
      long codebook,
      long flags,
      long drains,
      long tables,
      long buffers) {
    /** All of them. */
    public long total() {
      return weights + positions + coded + codebook + flags + drains + tables + buffers;
    }
  }

  /**
   * One queue.
   *
   * @param name its Verilog name
   * @param producer name of the unit that fills it; null for the host
   * @param consumer name of the unit that empties it; null for the host
   * @param shape extents of the tensor that it carries, empty if it carries none of the model
   * @param elementType such as {@code int8}
   * @param elementsPerBeat side by side in a beat
   * @param beatsPerFrame beats that make a frame
   * @param queueDepth beats it can hold
   * @param queuePeak beats it holds at most in the cycle model's run
   * @param queueBits bits of its memory
   */
  @JsonPropertyOrder({
    "name",
    "producer",
    "consumer",
    "shape",
    "elementType",
    "elementsPerBeat",
    "beatsPerFrame",
    "queueDepth",
    "queuePeak",
    "queueBits"
  })
  public record StreamReport(
      String name,
      String producer,
      String consumer,
      List<Integer> shape,
      String elementType,
      int elementsPerBeat,
      int beatsPerFrame,
      int queueDepth,
      int queuePeak,
      long queueBits) {
    public StreamReport {
      Objects.requireNonNull(name);
      Objects.requireNonNull(elementType);
      shape = List.copyOf(shape);
    }
  }

  /**
   * What each form of compression was worth, on the same lanes.
   *
   * @param layers those with weights, in the order of the data flow
   * @param all of them together: the cycles of the unit or array that works longest, sums of bits
   *     and areas
   */
  @JsonPropertyOrder({"layers", "all"})
  public record CompressionReport(List<LayerForms> layers, List<FormReport> all) {
    public CompressionReport {
      layers = List.copyOf(layers);
      all = List.copyOf(all);
    }
  }

  /**
   * The forms of a layer.
   *
   * @param unit its Verilog name
   * @param layer the layer in the model, as the model spells it
   * @param forms each with those in front of it; the last is what was built
   */
  @JsonPropertyOrder({"unit", "layer", "forms"})
  public record LayerForms(String unit, String layer, List<FormReport> forms) {
    public LayerForms {
      Objects.requireNonNull(unit);
      Objects.requireNonNull(layer);
      forms = List.copyOf(forms);
    }
  }

  /**
   * What a layer takes in a form.
   *
   * @param form {@code plain} (a step for each weight, zero or not; words as they are; a multiplier
   *     a product), {@code zeros skipped}, {@code shared multipliers}, {@code codebook} (indices of
   *     weights; its cells are those of the form in front of it), {@code coded words}
   * @param cycles for which it works on a frame
   * @param bits of its schedule, weights included, on the chip and outside
   * @param area estimated cells of its unit, without queues; multipliers of an array are not among
   *     them
   */
  @JsonPropertyOrder({"form", "cycles", "bits", "area"})
  public record FormReport(String form, long cycles, long bits, AreaReport area) {
    public FormReport {
      Objects.requireNonNull(form);
      Objects.requireNonNull(area);
    }
  }

  /**
   * One compiler pass.
   *
   * @param name of the pass
   * @param nodesBefore nodes of the graph before it
   * @param nodesAfter nodes of the graph after it
   * @param microseconds its time; null where the report has to be the same on every run
   */
  @JsonPropertyOrder({"name", "nodesBefore", "nodesAfter", "microseconds"})
  public record PassReport(String name, int nodesBefore, int nodesAfter, Long microseconds) {
    public PassReport {
      Objects.requireNonNull(name);
    }
  }
}
