// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.data.Augmentation;
import dev.etch.compress.training.Differentiator.Batch;
import java.util.SplittableRandom;

/**
 * Batches of a training set, each epoch in another order. What is in a batch follows from the seed
 * and the batch's number alone, so that a training can begin anywhere.
 */
final class Batches {
  private static final long EPOCH = 0x9E3779B97F4A7C15L;

  private final Items items;
  private final Augmentation augmentation;
  private final int size;
  private final long seed;
  private int[] order = new int[0];
  private int orderedEpoch = -1;

  Batches(Items items, Augmentation augmentation, int size, long seed) {
    this.items = items;
    this.augmentation = augmentation;
    this.size = Math.min(size, items.count());
    this.seed = seed;
  }

  /** Batches of an epoch; items that do not fill one are left out, others in each epoch. */
  int perEpoch() {
    return items.count() / size;
  }

  /** Numbers of the items of a batch. */
  int[] numbers(int step) {
    int epoch = step / perEpoch();
    if (epoch != orderedEpoch) {
      order = shuffled(new SplittableRandom(seed + epoch * EPOCH));
      orderedEpoch = epoch;
    }
    int[] numbers = new int[size];
    System.arraycopy(order, step % perEpoch() * size, numbers, 0, size);
    return numbers;
  }

  /** The items of a batch. */
  Batch batch(int step, int[] numbers) {
    SplittableRandom random = new SplittableRandom(~seed + step * EPOCH);
    int elements = items.data().item().elements();
    float[] data = new float[numbers.length * elements];
    for (int i = 0; i < numbers.length; i++) {
      items.vary(numbers[i], augmentation, random, data, i * elements);
    }
    return new Batch(numbers.length, data);
  }

  /** A random order. R. Durstenfeld, Algorithm 235, Communications of the ACM 7, 1964. */
  private int[] shuffled(SplittableRandom random) {
    int[] numbers = new int[items.count()];
    for (int i = 0; i < numbers.length; i++) {
      int other = random.nextInt(i + 1);
      numbers[i] = numbers[other];
      numbers[other] = i;
    }
    return numbers;
  }
}
