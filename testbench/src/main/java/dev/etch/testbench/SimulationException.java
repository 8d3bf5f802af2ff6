// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

/** A design cannot be built into a simulator, or misbehaves when it runs. */
public final class SimulationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it is. */
  public enum Kind {
    /** Verilator or the C++ compiler refused the design. */
    BUILD,
    /** No beat moved, or no register access ended, for as long as was allowed. */
    DEADLOCK,
    /** The design broke a rule of AXI4-Stream or AXI4-Lite. */
    PROTOCOL,
    /** A register, or the interrupt, is not what it should be. */
    REGISTER,
    /** The simulator was asked for something it cannot do. */
    USAGE,
    /** The simulator process ended, or could not be talked to. */
    PROCESS
  }

  private final Kind kind;

  /** A failure described by a message. */
  public SimulationException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** A failure caused by another exception. */
  public SimulationException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What kind of failure it is. */
  public Kind kind() {
    return kind;
  }
}
