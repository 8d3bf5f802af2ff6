// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.AddUnit;
import dev.etch.hardware.ArgMaxUnit;
import dev.etch.hardware.ConcatUnit;
import dev.etch.hardware.ConstantUnit;
import dev.etch.hardware.ForkUnit;
import dev.etch.hardware.MapUnit;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.MultiplyUnit;
import dev.etch.hardware.SelectUnit;
import dev.etch.hardware.SoftmaxUnit;
import dev.etch.hardware.Stream;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WidthUnit;
import dev.etch.hardware.WindowUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the model of each kind of unit, after the timing contract of its record. */
final class UnitModels implements Unit.Visitor<UnitModel> {
  private final Map<Stream, QueueState> queues;
  private final Map<String, ArrayModel> arrays;
  private final Optional<MemoryModel> memory;

  /**
   * A factory.
   *
   * @param arrays by the names of the units that share them
   * @param memory that words are read from, if some are
   */
  UnitModels(
      Map<Stream, QueueState> queues,
      Map<String, ArrayModel> arrays,
      Optional<MemoryModel> memory) {
    this.queues = queues;
    this.arrays = arrays;
    this.memory = memory;
  }

  @Override
  public UnitModel window(WindowUnit unit) {
    return new WindowModel(
        unit,
        queues.get(unit.input()),
        queues.get(unit.output()),
        arrays.get(unit.name()),
        memory.flatMap(reader -> reader.client(unit)));
  }

  @Override
  public UnitModel matrix(MatrixUnit unit) {
    return new MatrixModel(
        unit,
        queues.get(unit.input()),
        queues.get(unit.output()),
        memory.flatMap(reader -> reader.client(unit)));
  }

  @Override
  public UnitModel map(MapUnit unit) {
    return new PipelineModel(
        List.of(queues.get(unit.input())), queues.get(unit.output()), MapUnit.STAGES);
  }

  @Override
  public UnitModel add(AddUnit unit) {
    return new PipelineModel(
        List.of(queues.get(unit.left()), queues.get(unit.right())),
        queues.get(unit.output()),
        MapUnit.STAGES);
  }

  @Override
  public UnitModel multiply(MultiplyUnit unit) {
    return new PipelineModel(
        List.of(queues.get(unit.left()), queues.get(unit.right())),
        queues.get(unit.output()),
        MultiplyUnit.STAGES);
  }

  @Override
  public UnitModel select(SelectUnit unit) {
    return new SelectModel(unit, queues.get(unit.input()), queues.get(unit.output()));
  }

  @Override
  public UnitModel fork(ForkUnit unit) {
    return new ForkModel(
        queues.get(unit.input()),
        unit.copies().stream().map(queues::get).toArray(QueueState[]::new));
  }

  @Override
  public UnitModel concat(ConcatUnit unit) {
    QueueState[] parts = unit.parts().stream().map(queues::get).toArray(QueueState[]::new);
    return new ConcatModel(parts, queues.get(unit.output()), unit.beatsPerTurn());
  }

  @Override
  public UnitModel constant(ConstantUnit unit) {
    return new ConstantModel(unit, queues.get(unit.input()), queues.get(unit.output()));
  }

  @Override
  public UnitModel width(WidthUnit unit) {
    int in = unit.input().type().elements();
    int out = unit.output().type().elements();
    QueueState input = queues.get(unit.input());
    QueueState output = queues.get(unit.output());
    return in > out
        ? new SliceModel(input, output, in / out)
        : new GatherModel(input, output, out / in);
  }

  @Override
  public UnitModel argMax(ArgMaxUnit unit) {
    return new GatherModel(queues.get(unit.input()), queues.get(unit.output()), unit.elements());
  }

  @Override
  public UnitModel softmax(SoftmaxUnit unit) {
    return new SoftmaxModel(unit, queues.get(unit.input()), queues.get(unit.output()));
  }

  /** One beat in, the same out on all sides at once. */
  private static final class ForkModel implements UnitModel {
    private final QueueState input;
    private final QueueState[] copies;

    ForkModel(QueueState input, QueueState[] copies) {
      this.input = input;
      this.copies = copies;
    }

    @Override
    public boolean step(long now) {
      if (!input.canPop()) {
        return false;
      }
      for (QueueState copy : copies) {
        if (!copy.canPush()) {
          return false;
        }
      }
      input.pop();
      for (QueueState copy : copies) {
        copy.push();
      }
      return true;
    }

    @Override
    public void record(StateRecord state, long now) {
      // It has no registers.
    }
  }

  /** Registers that move on when the next is empty or moves on too. */
  private static final class PipelineModel implements UnitModel {
    private final QueueState[] inputs;
    private final ElasticRegisters registers;

    PipelineModel(List<QueueState> inputs, QueueState output, int stages) {
      this.inputs = inputs.toArray(QueueState[]::new);
      this.registers = new ElasticRegisters(stages, output);
    }

    @Override
    public boolean step(long now) {
      boolean moved = registers.move();
      boolean takes = registers.hasRoom();
      for (QueueState input : inputs) {
        takes &= input.canPop();
      }
      if (takes) {
        for (QueueState input : inputs) {
          input.pop();
        }
        registers.take();
      }
      return moved || takes;
    }

    @Override
    public void record(StateRecord state, long now) {
      registers.record(state);
    }
  }

  private static final class ConcatModel implements UnitModel {
    private final QueueState[] parts;
    private final QueueState output;
    private final int[] beatsPerTurn;
    private int turn;
    private int beat;

    ConcatModel(QueueState[] parts, QueueState output, List<Integer> beatsPerTurn) {
      this.parts = parts;
      this.output = output;
      this.beatsPerTurn = beatsPerTurn.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public boolean step(long now) {
      if (!parts[turn].canPop() || !output.canPush()) {
        return false;
      }
      parts[turn].pop();
      output.push();
      if (++beat == beatsPerTurn[turn]) {
        beat = 0;
        turn = (turn + 1) % parts.length;
      }
      return true;
    }

    @Override
    public void record(StateRecord state, long now) {
      state.add(turn);
      state.add(beat);
    }
  }

  /** One beat in, {@code factor} beats out. */
  private static final class SliceModel implements UnitModel {
    private final QueueState input;
    private final QueueState output;
    private final int factor;
    private int slice;

    SliceModel(QueueState input, QueueState output, int factor) {
      this.input = input;
      this.output = output;
      this.factor = factor;
    }

    @Override
    public boolean step(long now) {
      if (!input.canPop() || !output.canPush()) {
        return false;
      }
      output.push();
      if (++slice == factor) {
        slice = 0;
        input.pop();
      }
      return true;
    }

    @Override
    public void record(StateRecord state, long now) {
      state.add(slice);
    }
  }

  /** {@code factor} beats in, one beat out with the last. */
  private static final class GatherModel implements UnitModel {
    private final QueueState input;
    private final QueueState output;
    private final int factor;
    private int gathered;

    GatherModel(QueueState input, QueueState output, int factor) {
      this.input = input;
      this.output = output;
      this.factor = factor;
    }

    @Override
    public boolean step(long now) {
      boolean last = gathered == factor - 1;
      if (!input.canPop() || (last && !output.canPush())) {
        return false;
      }
      input.pop();
      gathered++;
      if (last) {
        gathered = 0;
        output.push();
      }
      return true;
    }

    @Override
    public void record(StateRecord state, long now) {
      state.add(gathered);
    }
  }
}
