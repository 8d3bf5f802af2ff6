// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images by class, in folders and in zips of them. */
class ImageFolderTest {
  @TempDir private Path folder;

  private static byte[] png(int width, int height, int type, int firstPixel) throws IOException {
    BufferedImage image = new BufferedImage(width, height, type);
    image.setRGB(0, 0, firstPixel);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  private void image(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  @Test
  void classesAreFoldersInTheOrderOfTheirNames() throws IOException {
    image("zebra/1.png", png(2, 1, BufferedImage.TYPE_INT_RGB, 0x010203));
    image("ant/b.png", png(2, 1, BufferedImage.TYPE_INT_RGB, 0xff0000));
    image("ant/a.png", png(2, 1, BufferedImage.TYPE_INT_RGB, 0x00ff00));
    image("ant/notes.txt", new byte[] {1});
    image("ant/.hidden.png", new byte[] {1});
    Dataset data = DataFiles.read(folder, Optional.empty());
    assertEquals(Shape.of(3, 1, 2), data.item());
    assertArrayEquals(new int[] {0, 0, 1}, data.labels());
    assertEquals(255, data.at(0, 2));
    assertEquals(255, data.at(1, 0));
    assertArrayEquals(
        new float[] {1, 0, 2, 0, 3, 0},
        new float[] {
          data.at(2, 0), data.at(2, 1), data.at(2, 2), data.at(2, 3), data.at(2, 4), data.at(2, 5)
        });
    Dataset zipped = DataFiles.read(zip(), Optional.empty());
    assertEquals(data.item(), zipped.item());
    assertArrayEquals(data.labels(), zipped.labels());
    assertEquals(data.at(2, 2), zipped.at(2, 2));
  }

  private Path zip() throws IOException {
    Path zip = folder.resolveSibling(folder.getFileName() + ".zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip));
        var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
        out.write(Files.readAllBytes(file));
      }
    }
    zip.toFile().deleteOnExit();
    return zip;
  }

  @Test
  void greyImagesHaveOneChannelAndMayBeWithoutClasses() throws IOException {
    image("1.png", png(3, 2, BufferedImage.TYPE_BYTE_GRAY, 0xffffff));
    Dataset data = DataFiles.read(folder, Optional.empty());
    assertEquals(Shape.of(1, 2, 3), data.item());
    assertEquals(255, data.at(0, 0));
    assertEquals(0, data.labels().length);
  }

  @Test
  void imagesOfOtherSizesAreReported() throws IOException {
    image("a/1.png", png(2, 2, BufferedImage.TYPE_INT_RGB, 0));
    image("a/2.png", png(3, 2, BufferedImage.TYPE_INT_RGB, 0));
    assertFails(folder, "2.png: error: is 3 by 2, but the first image is 2 by 2");
  }

  /**
   * Of PNG, the last 24 bytes are check sums and the end of the file: the image is whole without.
   */
  @Test
  void everyTruncationOfAnImageIsReported() throws IOException {
    byte[] whole = png(4, 4, BufferedImage.TYPE_INT_RGB, 0x123456);
    for (int length = 0; length < whole.length - 24; length++) {
      image("a/1.png", Arrays.copyOf(whole, length));
      assertFails(folder, "1.png: error: is ");
    }
  }

  @Test
  void everyTruncationOfAPhotographIsReported() throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    image.setRGB(12, 15, 0xffffff);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", bytes);
    byte[] whole = bytes.toByteArray();
    for (int length = 0; length < whole.length - 2; length++) {
      image("a/1.jpg", Arrays.copyOf(whole, length));
      assertFails(folder, "1.jpg: error: is ");
    }
    image("a/1.jpg", whole);
    assertEquals(1, DataFiles.read(folder, Optional.empty()).count());
  }

  @Test
  void damagedArchivesAreReported() throws IOException {
    image("a/1.png", png(4, 4, BufferedImage.TYPE_INT_RGB, 0x123456));
    byte[] whole = Files.readAllBytes(zip());
    Path cut = folder.resolve("cut.zip");
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    assertFails(cut, "is no zip that can be read");
    image("a/1.png", new byte[] {1, 2, 3});
    assertFails(zip(), ".zip!/a/1.png: error: is no image that can be read");
  }

  private static void assertFails(Path data, String message) {
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> DataFiles.read(data, Optional.empty()));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}
