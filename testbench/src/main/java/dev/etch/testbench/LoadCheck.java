// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.RegisterMap;
import dev.etch.hardware.WeightImage;
import dev.etch.testbench.SimulationException.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads weights as no careful driver would: damaged images, images that nobody checked, resets
 * between their halves. The simulator compares the registers of the port with its model; what the
 * design answers afterwards is compared by the caller.
 */
final class LoadCheck {
  private static final int QUIET_CYCLES = 40;

  private final SimulatedAccelerator core;
  private final WeightImage image;
  private final boolean isDoubled;
  private final Runnable readAll;
  private final WeightLoader loader;

  /**
   * A check.
   *
   * @param image of the weights that are to be in place at its end
   * @param buffers of each memory
   * @param readAll reads every register
   */
  LoadCheck(SimulatedAccelerator core, WeightImage image, int buffers, Runnable readAll) {
    this.core = core;
    this.image = image;
    this.isDoubled = buffers > 1;
    this.readAll = readAll;
    this.loader = new WeightLoader(core);
  }

  /** While no frame is inside, and after a reset; the image is in place then. */
  void run() {
    if (isDoubled) {
      beside();
    } else {
      whileHeld();
    }
    require(inPlace() == image.crc(), "the image is not in place");
    loader.release();
    readAll.run();
  }

  /** Into the buffer that frames do not use. */
  private void beside() {
    require(!pass(damaged(), image.crc(), true), "a damaged image is taken for whole");
    require(!pass(foreign(), foreign().crc(), true), "an image of another design is taken");
    require(pass(image, image.crc(), false), "a whole image is refused");
    loader.passInPart(image);
    readAll.run();
    core.run(QUIET_CYCLES);
    require(inPlace() == 0, "an image in parts takes effect");
    for (boolean buffer : new boolean[] {true, false}) {
      require(pass(image, image.crc(), true), "a whole image is refused");
      // It waits: what comes behind it changes nothing.
      pass(damaged(), image.crc(), true);
      core.softReset(0);
      loader.awaitEffect();
      readAll.run();
      core.reset(SimulatedAccelerator.RESET_CYCLES);
      readAll.run();
      require(loader.status("buffer") == buffer, "a reset changes the buffer that frames use");
    }
  }

  private void whileHeld() {
    loader.hold();
    require(!pass(damaged(), image.crc(), false), "a damaged image is taken for whole");
    require(!pass(foreign(), foreign().crc(), false), "an image of another design is taken");
    pass(image, image.crc(), true);
    require(inPlace() == 0, "words are written that nobody checked");
    require(pass(image, image.crc(), false), "a whole image is refused");
    core.softReset(0);
    readAll.run();
    require(!pass(damaged(), image.crc(), true), "a damaged image is taken for whole");
    brokenUntilMended();
  }

  /** What was written in part stays so, whatever is reset, until an image was written whole. */
  private void brokenUntilMended() {
    require(loader.status("broken"), "an image in parts is taken for whole");
    core.softReset(0);
    readAll.run();
    core.reset(SimulatedAccelerator.RESET_CYCLES);
    readAll.run();
    require(loader.status("broken"), "a reset makes an image whole");
    loader.hold();
    require(pass(image, image.crc(), false), "a whole image is refused");
    require(!loader.passInPart(image), "an image in parts is taken for whole");
    readAll.run();
    require(pass(image, image.crc(), true), "nothing mends it");
  }

  /** A frame that waits while none may begin. The caller takes it afterwards. */
  void holds(byte[] frame) {
    loader.hold();
    readAll.run();
    long before = core.status().beatsIn();
    core.send(frame, true);
    core.run(QUIET_CYCLES);
    require(core.status().beatsIn() == before, "a frame begins while none may");
    readAll.run();
    loader.release();
  }

  private boolean pass(WeightImage sent, int crc, boolean writes) {
    boolean taken = loader.pass(sent, crc, writes);
    readAll.run();
    return taken;
  }

  private int inPlace() {
    return core.readRegister(RegisterMap.LOAD_IMAGE.offset());
  }

  /** The same with another last word. */
  private WeightImage damaged() {
    List<WeightImage.Segment> segments = new ArrayList<>(image.segments());
    WeightImage.Segment last = segments.remove(segments.size() - 1);
    int[] words = last.words().clone();
    words[words.length - 1] ^= 1;
    segments.add(new WeightImage.Segment(last.address(), words));
    return new WeightImage(image.designHash(), segments);
  }

  private WeightImage foreign() {
    return new WeightImage(image.designHash() ^ 1, image.segments());
  }

  private void require(boolean condition, String fault) {
    if (!condition) {
      throw new SimulationException(Kind.REGISTER, fault + ", in cycle " + core.status().cycle());
    }
  }
}
