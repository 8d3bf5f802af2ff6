// SPDX-License-Identifier: Apache-2.0
package example;

// docs: begin
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.testbench.EtchAccelerator;
import dev.etch.testbench.EtchExtension;
import dev.etch.testbench.FrameResult;
import dev.etch.testbench.Limits;
import dev.etch.testbench.SimulatedAccelerator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EtchExtension.class)
class AcceleratorExampleTest {
  private static final String RTL = "src/test/resources/rtl/increment";
  private static final int OUTPUT_BEATS = 4;

  @Test
  void addsOneToEachByte(
      @EtchAccelerator(rtl = RTL, top = "increment") SimulatedAccelerator accelerator) {
    byte[] frame = {1, 2, 3, 4, 5, 6, 7, 8};
    List<FrameResult> results =
        accelerator.runFrames(List.of(frame, frame), OUTPUT_BEATS, Limits.DEFAULT);
    assertArrayEquals(new byte[] {2, 3, 4, 5, 6, 7, 8, 9}, results.get(1).output());
    assertEquals(5, results.get(0).latency());
  }

  @Test
  void givesTheSameBitsWhenTheHostStalls(
      @EtchAccelerator(rtl = RTL, top = "increment", stall = 0.5, seed = 3)
          SimulatedAccelerator accelerator) {
    byte[] frame = {9, 9, 9, 9, 1, 1, 1, 1};
    byte[] output =
        accelerator.runFrames(List.of(frame), OUTPUT_BEATS, Limits.DEFAULT).get(0).output();
    assertArrayEquals(new byte[] {10, 10, 10, 10, 2, 2, 2, 2}, output);
  }

  @Test
  void survivesAResetInTheMiddleOfAFrame(
      @EtchAccelerator(rtl = RTL, top = "increment") SimulatedAccelerator accelerator) {
    accelerator.send(new byte[] {1, 2, 3, 4}, false);
    accelerator.flush(100);
    accelerator.restart(1);
    accelerator.send(new byte[8], true);
    assertArrayEquals(
        new byte[] {1, 1, 1, 1, 1, 1, 1, 1}, accelerator.receive(OUTPUT_BEATS, 100).beats());
  }
}
// docs: end
