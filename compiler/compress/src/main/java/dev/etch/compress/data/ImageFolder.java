// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Images in a folder a class, as a folder or as a zip of it: JPEG, PNG, GIF and BMP. Classes are
 * numbered in the order of their folders' names, images follow in the order of their files' names.
 * Images directly in the folder have no labels.
 */
final class ImageFolder {
  private final String name;
  private final List<Path> files = new ArrayList<>();
  private final List<Integer> labels = new ArrayList<>();

  private ImageFolder(String name) {
    this.name = name;
  }

  /** Reads a folder. */
  static Dataset read(Path folder) {
    try {
      return new ImageFolder(folder.toString()).list(folder).decode();
    } catch (IOException e) {
      throw DataProblem.in(folder, "cannot be read: " + e.getMessage(), "");
    }
  }

  /** Reads a zip of a folder. */
  static Dataset readZip(Path zip) {
    try (FileSystem archive = FileSystems.newFileSystem(zip)) {
      return new ImageFolder(zip.toString()).list(archive.getPath("/")).decode();
    } catch (IOException e) {
      throw DataProblem.in(
          zip,
          "is no zip that can be read: " + e.getMessage(),
          "it may be cut off; fetch it again");
    }
  }

  private ImageFolder list(Path folder) throws IOException {
    List<Path> entries = entries(folder);
    List<Path> classes = entries.stream().filter(Files::isDirectory).toList();
    if (classes.isEmpty()) {
      entries.stream().filter(ImageFolder::isImage).forEach(files::add);
    }
    for (int label = 0; label < classes.size(); label++) {
      for (Path file : entries(classes.get(label))) {
        if (isImage(file)) {
          files.add(file);
          labels.add(label);
        }
      }
    }
    if (files.isEmpty()) {
      throw DataProblem.in(
          name, "holds no images", "a folder a class with .jpg, .png, .gif or .bmp files in it");
    }
    return this;
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> !entry.getFileName().toString().startsWith("."))
          .sorted(Comparator.comparing(entry -> entry.getFileName().toString()))
          .toList();
    }
  }

  private static boolean isImage(Path file) {
    String lower = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return lower.matches(".*\\.(jpg|jpeg|png|gif|bmp)");
  }

  private Dataset decode() throws IOException {
    BufferedImage first = image(files.get(0));
    int channels = first.getRaster().getNumBands() < 3 ? 1 : 3;
    int places = first.getWidth() * first.getHeight();
    int total = DataProblem.elements(name, files.size(), channels, places);
    byte[] data = new byte[total];
    for (int i = 0; i < files.size(); i++) {
      BufferedImage image = i == 0 ? first : image(files.get(i));
      if (image.getWidth() != first.getWidth() || image.getHeight() != first.getHeight()) {
        throw problem(
            files.get(i),
            "is %d by %d, but the first image is %d by %d"
                .formatted(
                    image.getWidth(), image.getHeight(), first.getWidth(), first.getHeight()),
            "scale all images to one size");
      }
      copy(image, channels, data, i * channels * places);
    }
    int[] classes = labels.stream().mapToInt(Integer::intValue).toArray();
    Shape item = Shape.of(channels, first.getHeight(), first.getWidth());
    return new Dataset(item, new Elements.Bytes(data), classes);
  }

  private BufferedImage image(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        ImageInputStream stream = ImageIO.createImageInputStream(in)) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw problem(file, "is no image that can be read", "it may be damaged; fetch it again");
      }
      return read(file, readers.next(), stream);
    }
  }

  /** Readers fill up what is missing at the end of a file, and warn: that is damage here. */
  private BufferedImage read(Path file, ImageReader reader, ImageInputStream stream)
      throws IOException {
    List<String> warnings = new ArrayList<>();
    reader.setInput(stream);
    reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    try {
      BufferedImage image = reader.read(0);
      if (!warnings.isEmpty()) {
        throw problem(file, "is damaged: " + warnings.get(0), "fetch it again");
      }
      return image;
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      // What javax.imageio throws for a damaged file depends on its format.
      throw problem(file, "is damaged: " + e.getMessage(), "fetch it again");
    } finally {
      reader.dispose();
    }
  }

  private static void copy(BufferedImage image, int channels, byte[] data, int offset) {
    int width = image.getWidth();
    int places = width * image.getHeight();
    for (int place = 0; place < places; place++) {
      int x = place % width;
      int y = place / width;
      if (channels == 1) {
        data[offset + place] = (byte) image.getRaster().getSample(x, y, 0);
      } else {
        int pixel = image.getRGB(x, y);
        data[offset + place] = (byte) (pixel >> 16);
        data[offset + places + place] = (byte) (pixel >> 8);
        data[offset + 2 * places + place] = (byte) pixel;
      }
    }
  }

  private DiagnosticException problem(Path file, String message, String help) {
    boolean inArchive = file.getFileSystem() != FileSystems.getDefault();
    return DataProblem.in(inArchive ? name + "!" + file : file.toString(), message, help);
  }
}
