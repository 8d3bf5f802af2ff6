// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Devices of the families, with what the vendors' data sheets say that they have. */
public enum Device {
  /** AMD Artix-7 35T. */
  XC7A35T("xc7a35t", Target.XC7, SpeedGrade.XC7, 20_800, 90, 100),
  /** AMD Artix-7 100T. */
  XC7A100T("xc7a100t", Target.XC7, SpeedGrade.XC7, 63_400, 240, 270),
  /** AMD Kintex-7 325T. */
  XC7K325T("xc7k325t", Target.XC7, SpeedGrade.XC7, 203_800, 840, 890),
  /** AMD Virtex-7 690T. */
  XC7VX690T("xc7vx690t", Target.XC7, SpeedGrade.XC7, 433_200, 3_600, 2_940),
  /** AMD Zynq-7020. */
  XC7Z020("xc7z020", Target.XC7, SpeedGrade.XC7, 53_200, 220, 280),
  /** Lattice ECP5-25. */
  ECP5_25K("ecp5-25k", Target.ECP5, SpeedGrade.ECP5, 24_288, 28, 56),
  /** Lattice ECP5-45. */
  ECP5_45K("ecp5-45k", Target.ECP5, SpeedGrade.ECP5, 43_848, 72, 108),
  /** Lattice ECP5-85. */
  ECP5_85K("ecp5-85k", Target.ECP5, SpeedGrade.ECP5, 83_640, 156, 208),
  /** Lattice iCE40 UltraPlus 5K; its single-port RAM of 1 Mbit is not used. */
  UP5K("up5k", Target.ICE40, SpeedGrade.ICE40_UP, 5_280, 8, 30),
  /** Lattice iCE40 HX8K. */
  HX8K("hx8k", Target.ICE40, SpeedGrade.ICE40_HX, 7_680, 0, 32),
  /** Gowin GW1N-9. */
  GW1N_9("gw1n-9", Target.GOWIN, SpeedGrade.GW1N, 8_640, 20, 26),
  /** Gowin GW2A-18. */
  GW2A_18("gw2a-18", Target.GOWIN, SpeedGrade.GW2A, 20_736, 48, 46),
  /** Lattice CrossLink-NX-40; its large RAM is not used. */
  LIFCL_40("lifcl-40", Target.NEXUS, SpeedGrade.NEXUS, 32_256, 56, 84),
  /** Lattice Certus-NX-40, the same die. */
  LFD2NX_40("lfd2nx-40", Target.NEXUS, SpeedGrade.NEXUS, 32_256, 56, 84);

  private final String id;
  private final Target target;
  private final SpeedGrade speedGrade;
  private final int luts;
  private final int multipliers;
  private final int blocks;

  Device(String id, Target target, SpeedGrade speedGrade, int luts, int multipliers, int blocks) {
    this.id = id;
    this.target = target;
    this.speedGrade = speedGrade;
    this.luts = luts;
    this.multipliers = multipliers;
    this.blocks = blocks;
  }

  /** Name on the command line. */
  public String id() {
    return id;
  }

  /** The family. */
  public Target target() {
    return target;
  }

  /** The speed at which designs are placed on it: the slowest that is common. */
  public SpeedGrade speedGrade() {
    return speedGrade;
  }

  /** Look-up tables, of six inputs on xc7 and four elsewhere. */
  public int luts() {
    return luts;
  }

  /** DSP blocks; on Gowin and ECP5 multipliers of 18 by 18 bits. */
  public int multipliers() {
    return multipliers;
  }

  /** Memory blocks as {@link Area#blocks()} counts them: halves of 18 kbit on xc7. */
  public int blocks() {
    return blocks;
  }

  /** Whether it has what a design takes. */
  public boolean holds(Area area) {
    return Shortage.of(area.wholeLuts(), area.wholeMultipliers(), area.wholeBlocks(), this)
        .isEmpty();
  }

  /** The device of that name. */
  public static Optional<Device> byId(String id) {
    return Arrays.stream(values()).filter(d -> d.id.equals(id)).findFirst();
  }

  /** Those of a family; of no particular one, all. */
  public static List<Device> of(Target target) {
    return Arrays.stream(values())
        .filter(device -> target == Target.GENERIC || device.target == target)
        .toList();
  }

  /** All names, for messages. */
  public static String ids() {
    return Arrays.stream(values()).map(Device::id).collect(Collectors.joining(", "));
  }
}
