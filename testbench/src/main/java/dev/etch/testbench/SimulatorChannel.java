// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The two pipes of a simulator process: little-endian numbers in and out. */
final class SimulatorChannel {
  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private final OutputStream out;

  SimulatorChannel(Process process) {
    in = new BufferedInputStream(process.getInputStream(), BUFFER);
    out = new BufferedOutputStream(process.getOutputStream(), BUFFER);
  }

  void writeByte(int value) throws IOException {
    out.write(value);
  }

  void writeInt(int value) throws IOException {
    out.write(little(4).putInt(value).array());
  }

  void writeLong(long value) throws IOException {
    out.write(little(8).putLong(value).array());
  }

  void writeBytes(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  void flush() throws IOException {
    out.flush();
  }

  /** No more commands: the simulator ends. */
  void closeInput() {
    try {
      out.close();
    } catch (IOException e) {
      // It has ended already.
      return;
    }
  }

  int readByte() throws IOException {
    int value = in.read();
    if (value < 0) {
      throw new EOFException("the simulator ended");
    }
    return value;
  }

  int readInt() throws IOException {
    return ByteBuffer.wrap(readBytes(4)).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  long readLong() throws IOException {
    return ByteBuffer.wrap(readBytes(8)).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  byte[] readBytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the simulator ended");
    }
    return bytes;
  }

  void writeText(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    writeInt(bytes.length);
    writeBytes(bytes);
  }

  String readText() throws IOException {
    return new String(readBytes(readInt()), StandardCharsets.UTF_8);
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
