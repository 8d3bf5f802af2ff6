// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.List;

/** A block of hardware that reads and writes streams. */
public sealed interface Unit
    permits WindowUnit,
        MatrixUnit,
        MapUnit,
        AddUnit,
        MultiplyUnit,
        SelectUnit,
        ForkUnit,
        ConcatUnit,
        ConstantUnit,
        WidthUnit,
        ArgMaxUnit,
        SoftmaxUnit {
  /** A legal, unique Verilog identifier, made from the layer's name. */
  String name();

  /** Name of the layer in the model, as the model spells it; for comments and reports only. */
  String layer();

  /** Streams it pops. */
  List<Stream> inputs();

  /** Streams it pushes. */
  List<Stream> outputs();

  /** Whether the host loads some of its {@linkplain Netlist#memories memories}. */
  default boolean loads() {
    return false;
  }

  /** Calls the visitor's method for this kind. */
  <R> R accept(Visitor<R> visitor);

  /** One method a kind, without defaults, so that javac finds every place a new kind concerns. */
  interface Visitor<R> {
    /** A sliding window with a multiply-accumulate, sum or maximum array. */
    R window(WindowUnit unit);

    /** A matrix times each frame. */
    R matrix(MatrixUnit unit);

    /** An element-by-element requantization. */
    R map(MapUnit unit);

    /** A sum of two streams. */
    R add(AddUnit unit);

    /** A product of two streams. */
    R multiply(MultiplyUnit unit);

    /** Some beats of a frame, some of them several times. */
    R select(SelectUnit unit);

    /** A copy to several streams. */
    R fork(ForkUnit unit);

    /** A join along the channels. */
    R concat(ConcatUnit unit);

    /** The same frame for each that arrives. */
    R constant(ConstantUnit unit);

    /** A change of elements per beat. */
    R width(WidthUnit unit);

    /** The index of the largest element of a frame. */
    R argMax(ArgMaxUnit unit);

    /** Probabilities of the elements of a line. */
    R softmax(SoftmaxUnit unit);
  }
}
