// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.cluster.KMeans;
import dev.etch.compress.factorize.Method;
import dev.etch.compress.factorize.RankRule;
import dev.etch.compress.network.Network;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.prune.Blocks;
import dev.etch.compress.prune.ChannelRemoval;
import dev.etch.compress.prune.Densities;
import dev.etch.compress.prune.KeptOfGroup;
import dev.etch.compress.quantize.Calibration;
import dev.etch.compress.quantize.QuantizationPlan;
import dev.etch.compress.quantize.Signs;
import dev.etch.compress.quantize.WeightScale;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Teacher;
import dev.etch.compress.training.TrainingPlan;
import dev.etch.op.Conv2d;
import dev.etch.op.Dense;
import dev.etch.op.Op;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Each technique alone on LeNet-5, with settings by which they are compared. */
public enum Technique {
  /** Weights and activations of 8 bits, and nothing is trained. */
  INT8 {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of();
    }
  },

  /** The same with a scale a channel. */
  INT8_CHANNELS {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of();
    }

    @Override
    public QuantizationPlan quantization() {
      return plan(8);
    }
  },

  /** Weights of 4 bits by the least squared error, and nothing is trained. */
  INT4_ROUNDED {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of();
    }

    @Override
    public QuantizationPlan quantization() {
      return plan(4);
    }
  },

  /** Weights of 4 bits, rounded up or down by what that does to outputs; biases are corrected. */
  INT4_ADAPTIVE {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(new RoundWeights(quantization(), 1000, true));
    }

    @Override
    public QuantizationPlan quantization() {
      return plan(4);
    }
  },

  /** The same of 2 bits. */
  INT2_ADAPTIVE {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(new RoundWeights(quantization(), 1000, true));
    }

    @Override
    public QuantizationPlan quantization() {
      return plan(2);
    }
  },

  /** One scale of 4 bits a layer, with channels equalized before. */
  INT4_EQUALIZED {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(new Equalize());
    }

    @Override
    public QuantizationPlan quantization() {
      return plan(4, false);
    }
  },

  /** Weights of 4 bits, trained through the rounding. */
  INT4 {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(new QuantizeWeights(quantization(), tuning(epochs)));
    }

    @Override
    public QuantizationPlan quantization() {
      return plan(4);
    }
  },

  /** Weights of 2 bits, trained through the rounding. */
  INT2 {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(new QuantizeWeights(quantization(), tuning(epochs)));
    }

    @Override
    public QuantizationPlan quantization() {
      return plan(2);
    }
  },

  /** Weights of three values. */
  TERNARY {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(new SignWeights(Signs.Kind.TERNARY, true, Set.of(), tuning(epochs)));
    }
  },

  /** Weights of two values. */
  BINARY {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(new SignWeights(Signs.Kind.BINARY, true, Set.of(), tuning(epochs)));
    }
  },

  /** A tenth of all weights, by magnitude. */
  MAGNITUDE {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(new Prune(Densities.of(TENTH), Prune.Scope.GLOBAL, PRUNING, pruning(epochs)));
    }
  },

  /** A tenth of all weights, which may come back. */
  SURGERY {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(new Surgery(globally(network, TENTH), 0.3, PRUNING, pruning(epochs)));
    }
  },

  /**
   * As many weights as the source of the technique keeps of LeNet-5: 14.3 times fewer, with biases.
   */
  DROP_PRUNING {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(
          new DropPrune(globally(network, 1 / 14.6), PRUNING, 0.5, 0.005, pruning(epochs)));
    }
  },

  /** A tenth of all weights, by what their loss changes; then trained. */
  SECOND_ORDER {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(new PruneSecondOrder(globally(network, TENTH), 1000, 0.01, pruning(epochs)));
    }
  },

  /** 2 of 4 weights of all layers. */
  TWO_OF_FOUR {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(
          new PrunePattern(new KeptOfGroup(2, 4), Map.of(), Set.of(), PRUNING, tuning(epochs)));
    }
  },

  /** A quarter of the blocks of 1 x 4 weights. */
  BLOCKS {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(
          new PrunePattern(new Blocks(1, 4, QUARTER), Map.of(), Set.of(), PRUNING, tuning(epochs)));
    }
  },

  /** Half of the channels. */
  CHANNELS {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(new PruneChannels(Densities.of(0.5), tuning(epochs)));
    }
  },

  /** The largest dense layer by rank, so that a quarter of all weights is left. */
  SINGULAR_VALUES {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(
          new Factorize(
              Method.SINGULAR_VALUES, largest(network, Dense.class, 0.19), tuning(epochs)));
    }
  },

  /** The largest convolution of a quarter of its weights, columns and rows. */
  SPATIAL {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(
          new Factorize(Method.SPATIAL, largest(network, Conv2d.class, QUARTER), tuning(epochs)));
    }
  },

  /** The largest convolution of a quarter of its weights, with fewer channels between. */
  TUCKER {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(
          new Factorize(Method.TUCKER, largest(network, Conv2d.class, QUARTER), tuning(epochs)));
    }
  },

  /** 15 values of the weights of each layer, besides zero. */
  CLUSTERS {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(new Cluster(15, Map.of(), KMeans.Start.LINEAR, tuning(epochs)));
    }
  },

  /** At most 31 values whose numbers are short when coded. */
  ENTROPY_CLUSTERS {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(new ClusterByEntropy(31, 0.03, tuning(epochs)));
    }
  },

  /** At most 15 values and zeros that weights are drawn to. */
  SOFT_SHARING {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(new ShareSoftly(15, 0.9, 0.005, tuning(epochs)));
    }
  },

  /** A LeNet-5 of a tenth of the weights, trained by itself. */
  STUDENT {
    @Override
    public Model begin(Model trained, Network untrained) {
      return Model.of(student(untrained));
    }

    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(new Train(TrainingPlan.adam(epochs, 1e-3f)));
    }
  },

  /** The same, taught by the trained network. */
  STUDENT_TAUGHT {
    @Override
    public Model begin(Model trained, Network untrained) {
      return Model.of(student(untrained)).taughtBy(new Teacher(trained.network(), 3, 0.7f));
    }

    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(new Train(TrainingPlan.adam(epochs, 1e-3f)));
    }
  },

  /** Dense layers of circulant blocks of 4 x 4. */
  CIRCULANT {
    @Override
    public List<Step> steps(Network network, int epochs) {
      return List.of(new MakeCirculant(4, Set.of(), tuning(epochs)));
    }
  };

  private static final double TENTH = 0.1;
  private static final double QUARTER = 0.25;
  private static final double PRUNING = 0.6;

  /**
   * What the steps begin with: the trained network if nothing else is said.
   *
   * @param untrained the same with random weights
   */
  public Model begin(Model trained, Network untrained) {
    return trained;
  }

  /**
   * The steps.
   *
   * @param epochs of the training in each, at least 1
   */
  public abstract List<Step> steps(Network network, int epochs);

  /** The quantization of what is measured: 8 bits if nothing else is said. */
  public QuantizationPlan quantization() {
    return QuantizationPlan.eightBits(CALIBRATION);
  }

  private static final Calibration CALIBRATION = Calibration.ofExtremes(1000);

  private static QuantizationPlan plan(int bits) {
    return plan(bits, true);
  }

  private static QuantizationPlan plan(int bits, boolean perChannel) {
    return new QuantizationPlan(
        bits, Map.of(), perChannel, WeightScale.SQUARED_ERROR, 8, false, CALIBRATION);
  }

  /** Fewer channels of random weights are a smaller network of random weights. */
  private static Network student(Network untrained) {
    Densities densities = new Densities(1, Map.of("conv1", 0.5, "conv2", 0.4, "ip1", 0.22));
    return ChannelRemoval.smallest(untrained, densities).network();
  }

  /** What is left has to find its way: a higher rate, and decay, as the presets have it. */
  private static TrainingPlan pruning(int epochs) {
    return TrainingPlan.adam(epochs, 1e-3f).withDecay(0.1f);
  }

  private static TrainingPlan tuning(int epochs) {
    return TrainingPlan.adam(epochs, 3e-4f);
  }

  /** Part of all weights: of each layer as many as are among the largest. */
  private static Densities globally(Network network, double part) {
    Map<String, Integer> counts = Prune.Scope.GLOBAL.counts(network, Densities.of(part));
    Map<String, Double> byLayer = new LinkedHashMap<>();
    for (WeightedLayer layer : network.layers()) {
      byLayer.put(layer.name(), (double) counts.get(layer.weights()) / layer.size());
    }
    return new Densities(part, byLayer);
  }

  /**
   * The largest layer of a kind: of a small one, as the last, the rank would be less than classes.
   */
  private static Map<String, RankRule> largest(
      Network network, Class<? extends Op> kind, double part) {
    WeightedLayer largest =
        network.layers().stream()
            .filter(layer -> kind.isInstance(layer.node().op()))
            .max(Comparator.comparingInt(WeightedLayer::size))
            .orElseThrow();
    return Map.of(largest.name(), new RankRule.Size(part));
  }

  /** {@code drop-pruning}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
