// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.network;

import dev.etch.tensor.Shape;

/** Networks that Etch can build, with weights drawn at random. */
public enum Architecture {
  /**
   * Dense layers of 300, 100 and as many outputs as classes, with ReLU between them. Y. LeCun, L.
   * Bottou, Y. Bengio, P. Haffner, Gradient-Based Learning Applied to Document Recognition,
   * Proceedings of the IEEE 86, 1998.
   */
  LENET_300_100 {
    @Override
    void layers(NetworkBuilder builder, int classes) {
      builder.flatten().dense("ip1", 300).relu().dense("ip2", 100).relu().dense("ip3", classes);
    }
  },

  /**
   * Convolutions of 20 and 50 channels with 5 x 5 kernels, each behind it the maximum of 2 x 2,
   * then dense layers of 500 and as many outputs as classes: LeNet-5 as Caffe's examples have it,
   * which Deep Compression (Han et al., ICLR 2016) compresses.
   */
  LENET_5 {
    @Override
    void layers(NetworkBuilder builder, int classes) {
      builder.convolution("conv1", 20, 5).maximum(2).convolution("conv2", 50, 5).maximum(2);
      builder.flatten().dense("ip1", 500).relu().dense("ip2", classes);
    }
  };

  abstract void layers(NetworkBuilder builder, int classes);

  /**
   * The network with random weights; the same for the same seed.
   *
   * @param item shape of what it takes, without batch: [channels, height, width]
   */
  public Network build(Shape item, int classes, long seed) {
    NetworkBuilder builder = new NetworkBuilder(toString(), item, seed);
    layers(builder, classes);
    return builder.build();
  }

  /** {@code lenet-300-100}. */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
