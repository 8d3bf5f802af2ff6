// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.network;

import dev.etch.graph.Value;
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
      builder.convolution("conv1", Convolution.inside(20, 5)).maximum(2);
      builder.convolution("conv2", Convolution.inside(50, 5)).maximum(2);
      builder.flatten().dense("ip1", 500).relu().dense("ip2", classes);
    }
  },

  /**
   * Three residual blocks of 16, 32 and 64 channels, as MLPerf Tiny has it for CIFAR-10. K. He, X.
   * Zhang, S. Ren, J. Sun, Deep Residual Learning for Image Recognition, CVPR 2016; C. Banbury et
   * al., MLPerf Tiny Benchmark, NeurIPS 2021.
   */
  RESNET_8 {
    @Override
    void layers(NetworkBuilder builder, int classes) {
      builder.normalizedRelu("conv", Convolution.padded(16, 3, 1));
      residual(builder, "block1", 16, 1);
      residual(builder, "block2", 32, 2);
      residual(builder, "block3", 64, 2);
      builder.mean().flatten().dense("dense", classes);
    }
  },

  /**
   * A convolution of 10 x 4 and four separable ones, of 64 channels, for a spectrogram of 49 x 10.
   * Y. Zhang, N. Suda, L. Lai, V. Chandra, Hello Edge: Keyword Spotting on Microcontrollers, 2017;
   * sizes as in MLPerf Tiny.
   */
  DS_CNN {
    @Override
    void layers(NetworkBuilder builder, int classes) {
      builder.normalizedRelu("conv", new Convolution(64, 10, 4, 2, true, false));
      for (int block = 1; block <= 4; block++) {
        separable(builder, "block" + block, 64, 1);
      }
      builder.mean().flatten().dense("dense", classes);
    }
  },

  /**
   * A convolution and thirteen separable ones, with a quarter of the channels. A. Howard et al.,
   * MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications, 2017, table
   * 1 with a width multiplier of 0.25.
   */
  MOBILENET_V1_025 {
    @Override
    void layers(NetworkBuilder builder, int classes) {
      builder.normalizedRelu("conv", Convolution.padded(8, 3, 2));
      int[] channels = {16, 32, 32, 64, 64, 128, 128, 128, 128, 128, 128, 256, 256};
      for (int block = 0; block < channels.length; block++) {
        boolean halves = block > 0 && channels[block] > channels[block - 1];
        separable(builder, "block" + (block + 1), channels[block], halves ? 2 : 1);
      }
      builder.mean().flatten().dense("dense", classes);
    }
  },

  /**
   * Pairs of 3 x 3 convolutions of 64, 128 and 256 channels, each behind it the maximum of 2 x 2,
   * then dense layers of 512 and as many outputs as classes, for images of 32 x 32. K. Simonyan, A.
   * Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition, ICLR 2015, in
   * the form that M. Courbariaux, Y. Bengio, J.-P. David, BinaryConnect, NeurIPS 2015, has for
   * CIFAR-10, with half of its channels and one dense layer less.
   */
  VGG_8 {
    @Override
    void layers(NetworkBuilder builder, int classes) {
      for (int block = 1; block <= 3; block++) {
        int channels = 32 << block;
        builder.normalizedRelu("conv" + block + "_1", Convolution.padded(channels, 3, 1));
        builder.normalizedRelu("conv" + block + "_2", Convolution.padded(channels, 3, 1));
        builder.maximum(2);
      }
      builder.flatten().dense("ip1", 512).relu().dense("ip2", classes);
    }
  };

  /** Two convolutions beside a shortcut, which is a convolution where the size changes. */
  private static void residual(NetworkBuilder builder, String name, int channels, int stride) {
    Value input = builder.last();
    Value shortcut =
        stride == 1
            ? input
            : builder
                .convolution(name + ".shortcut", Convolution.pointwise(channels, stride))
                .last();
    builder
        .behind(input)
        .normalizedRelu(name + ".conv1", Convolution.padded(channels, 3, stride))
        .normalized(name + ".conv2", Convolution.padded(channels, 3, 1))
        .plus(name + ".sum", shortcut)
        .relu();
  }

  /** A convolution of each channel by itself, then one of each pixel. */
  private static void separable(NetworkBuilder builder, String name, int channels, int stride) {
    builder
        .normalizedRelu(name + ".depthwise", Convolution.depthwise(builder.channels(), stride))
        .normalizedRelu(name + ".pointwise", Convolution.pointwise(channels, 1));
  }

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
