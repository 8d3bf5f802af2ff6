// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.area.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options by which a user says what the accelerator has to look like. */
final class MappingOptions {
  @Option(
      names = {"-m", "--mapping"},
      paramLabel = "FILE",
      description = "Mapping file; options given beside it win over what it says.")
  private Path mapping;

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "generic (default), xc7, ecp5, ice40, gowin or nexus.")
  private String target;

  @Option(
      names = "--clock",
      paramLabel = "MHZ",
      description =
          "Clock frequency that the design has to meet: frames per second are counted with it, and "
              + "a warning says if designs of this kind are not expected to reach it. If not given, "
              + "what they are expected to reach; etch synth --route measures it.")
  private Double clock;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      completionCandidates = DeviceNames.class,
      description =
          "The device; also its target. Without another budget, fewest cycles per frame for all that "
              + "it has. One of: ${COMPLETION-CANDIDATES}.")
  private String device;

  @Option(
      names = "--weights",
      paramLabel = "HOW",
      description =
          "constant (default): the weights shape the logic; or reloadable: the host can load those "
              + "of another training, which etch weights makes.")
  private WeightsOption weights;

  @Option(
      names = "--headroom",
      paramLabel = "PERCENT",
      description =
          "How much further than those of the model the accumulators of later weights may reach; "
              + "20% if not given. Only with --weights reloadable.")
  private String headroom;

  @Option(
      names = "--step-headroom",
      paramLabel = "PERCENT",
      description =
          "How many more steps sparse layers take than the model's weights need, so that later ones "
              + "may be zero elsewhere; as --headroom if not given. Only with --weights reloadable.")
  private String stepHeadroom;

  @Option(
      names = "--buffers",
      paramLabel = "N",
      description =
          "2: frames run while other weights are loaded, which takes twice the memory for all that "
              + "is loaded; 1 if not given: frames wait. Only with --weights reloadable.")
  private Integer buffers;

  @ArgGroup(exclusive = true)
  private BudgetOption budget;

  /** How weights come into the design. */
  enum WeightsOption {
    constant,
    reloadable
  }

  /** At most one of these. */
  static final class BudgetOption {
    @Option(
        names = "--multipliers",
        paramLabel = "N",
        description = "Fewest cycles per frame with at most N multipliers.")
    Integer multipliers;

    @Option(
        names = "--fps",
        paramLabel = "F",
        description = "Fewest multipliers that give F frames a second.")
    Double fps;

    @Option(
        names = "--cycles",
        paramLabel = "N",
        description = "Fewest multipliers that need at most N cycles per frame.")
    Long cycles;

    @Option(
        names = "--budget",
        paramLabel = "NAME=N",
        split = ",",
        description =
            "Fewest cycles per frame whose estimated area fits: dsp=N,lut=N,bram=N, all optional; "
                + "bram counts blocks of 36 kbit on xc7.")
    Map<String, Integer> resources;
  }

  /** What {@code --device} takes. */
  static final class DeviceNames extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    DeviceNames() {
      super(Stream.of(Device.values()).map(Device::id).toList());
    }
  }

  Path mapping() {
    return mapping;
  }

  String target() {
    return target;
  }

  Double clock() {
    return clock;
  }

  String device() {
    return device;
  }

  WeightsOption weights() {
    return weights;
  }

  String headroom() {
    return headroom;
  }

  String stepHeadroom() {
    return stepHeadroom;
  }

  Integer buffers() {
    return buffers;
  }

  BudgetOption budget() {
    return budget;
  }
}
