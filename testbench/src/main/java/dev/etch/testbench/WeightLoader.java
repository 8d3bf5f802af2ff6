// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.RegisterMap;
import dev.etch.hardware.RegisterMap.Register;
import dev.etch.hardware.WeightImage;

/** Loads weights into a simulated accelerator through its registers, as a host does. */
public final class WeightLoader {
  private static final int MOST_POLLS = 1 << 20;

  private final SimulatedAccelerator accelerator;

  /** What is written to the control register in any case. */
  private int held;

  /** For one accelerator. */
  public WeightLoader(SimulatedAccelerator accelerator) {
    this.accelerator = accelerator;
  }

  /**
   * Waits until no frame is inside, has the image checked, and written; then frames may begin
   * again.
   *
   * @return whether the hardware took it
   */
  public boolean load(WeightImage image) {
    hold();
    boolean taken = pass(image, image.crc(), false) && pass(image, image.crc(), true);
    awaitEffect();
    release();
    return taken;
  }

  /**
   * Writes an image into the buffer that frames do not use, while they run. If the hardware takes
   * it, it takes effect behind the frames that are inside then.
   *
   * @param crc that it is said to have
   * @return whether the hardware took it
   */
  public boolean loadBeside(WeightImage image, int crc) {
    awaitEffect();
    return pass(image, crc, true);
  }

  /** Waits until no image waits to take effect. */
  public void awaitEffect() {
    awaitStatus("waits", false);
  }

  /** Lets no more frames begin, and waits until none is inside. */
  public void hold() {
    held = RegisterMap.LOAD_CONTROL.field("hold").mask();
    write(RegisterMap.LOAD_CONTROL, held);
    awaitStatus("idle", true);
  }

  private void awaitStatus(String field, boolean wanted) {
    for (int i = 0; status(field) != wanted; i++) {
      if (i == MOST_POLLS) {
        throw new SimulationException(
            SimulationException.Kind.PROTOCOL, "a frame stays inside, though no other begins");
      }
    }
  }

  /** Lets frames begin again. */
  public void release() {
    held = 0;
    write(RegisterMap.LOAD_CONTROL, held);
  }

  /**
   * Sends an image; with one buffer, while frames are held.
   *
   * @param crc that it is said to have
   * @param writes whether words are written, not only checked
   * @return whether it was found whole, and if it was to be written, is in place or waits
   */
  public boolean pass(WeightImage image, int crc, boolean writes) {
    begin(image, writes);
    image.segments().forEach(this::send);
    write(RegisterMap.LOAD_CHECK, crc);
    return writes ? !status("refused") && !status("broken") : status("checked");
  }

  /**
   * Sends a whole image, of which the words of the first segment are not written.
   *
   * @return whether it is said to be in place
   */
  boolean passInPart(WeightImage image) {
    begin(image, false);
    send(image.segments().get(0));
    write(RegisterMap.LOAD_CONTROL, control(true));
    image.segments().stream().skip(1).forEach(this::send);
    write(RegisterMap.LOAD_CHECK, image.crc());
    return !status("refused") && !status("broken");
  }

  private void begin(WeightImage image, boolean writes) {
    int begin = RegisterMap.LOAD_CONTROL.field("begin").mask();
    write(RegisterMap.LOAD_CONTROL, control(writes) | begin);
    write(RegisterMap.LOAD_DATA, image.designHash());
  }

  private int control(boolean writes) {
    return writes ? held | RegisterMap.LOAD_CONTROL.field("write").mask() : held;
  }

  private void send(WeightImage.Segment segment) {
    write(RegisterMap.LOAD_ADDRESS, segment.address());
    for (int word : segment.words()) {
      write(RegisterMap.LOAD_DATA, word);
    }
  }

  /** Whether a bit of the status is 1. */
  public boolean status(String field) {
    int value = accelerator.readRegister(RegisterMap.LOAD_STATUS.offset());
    return (value & RegisterMap.LOAD_STATUS.field(field).mask()) != 0;
  }

  private void write(Register register, int value) {
    accelerator.writeRegister(register.offset(), value);
  }
}
