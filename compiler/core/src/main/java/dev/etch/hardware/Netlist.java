// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.memory.Memory;
import dev.etch.hardware.memory.MemoryUse;
import dev.etch.hardware.requantizer.RequantizerTables;
import dev.etch.tensor.IntegerType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The memories of units and queues, as the generator builds them. */
public final class Netlist implements Unit.Visitor<List<Memory>> {
  private Netlist() {}

  /** All memories of a unit's module, whether they are written or only read. */
  public static List<Memory> memories(Unit unit) {
    return unit.accept(new Netlist());
  }

  /** The same in a design with so many {@linkplain Design#buffers buffers}. */
  public static List<Memory> memories(Unit unit, int buffers) {
    return memories(unit).stream()
        .map(memory -> memory.loaded() ? memory.times(buffers) : memory)
        .toList();
  }

  /** Those that the host loads, one buffer of each, in the same order. */
  public static List<Memory> loaded(Unit unit) {
    return unit.loads() ? memories(unit).stream().filter(Memory::loaded).toList() : List.of();
  }

  /** The memories of the queues that store what passes through them. */
  public static Map<dev.etch.hardware.Stream, Memory> queues(Design design) {
    Set<dev.etch.hardware.Stream> unread = design.unread();
    Map<dev.etch.hardware.Stream, Memory> memories = new LinkedHashMap<>(design.depths().size());
    design
        .depths()
        .forEach(
            (stream, depth) -> {
              if (!unread.contains(stream)) {
                int width = stream.type().bits();
                memories.put(stream, Memory.of("memory", depth, width, MemoryUse.BUFFERS));
              }
            });
    return memories;
  }

  /** The memory of the queue of words that are read from outside for a unit. */
  public static Memory queue(ExternalMemory memory) {
    return Memory.of("memory", memory.queueBeats(), memory.dataBits(), MemoryUse.BUFFERS);
  }

  @Override
  public List<Memory> window(WindowUnit unit) {
    return WindowNetlist.of(unit).memories();
  }

  @Override
  public List<Memory> matrix(MatrixUnit unit) {
    return MatrixNetlist.of(unit).memories();
  }

  @Override
  public List<Memory> map(MapUnit unit) {
    List<Memory> memories = new ArrayList<>();
    for (int element = 0; element < unit.input().type().elements(); element++) {
      IntegerType type = unit.input().type().element();
      RequantizerTables tables =
          RequantizerTables.of(
              unit.requantizer(),
              unit.channelsOf(element),
              BigInteger.valueOf(type.minimum()),
              BigInteger.valueOf(type.maximum()),
              unit.output().type().element().bits());
      memories.addAll(tables.memories(prefix(element)));
    }
    return memories;
  }

  private static String prefix(int element) {
    return "element" + element;
  }

  @Override
  public List<Memory> add(AddUnit unit) {
    if (!(unit.sum() instanceof Sum.Tables sum)) {
      return List.of();
    }
    SumTables tables = SumTables.of(unit, sum);
    return IntStream.range(0, unit.output().type().elements())
        .boxed()
        .flatMap(element -> tables.memories(prefix(element)).stream())
        .toList();
  }

  @Override
  public List<Memory> multiply(MultiplyUnit unit) {
    RequantizerTables tables =
        RequantizerTables.of(
            unit.requantizer(),
            List.of(0),
            Collections.min(unit.products()),
            Collections.max(unit.products()),
            unit.output().type().element().bits());
    return IntStream.range(0, unit.output().type().elements())
        .boxed()
        .flatMap(element -> tables.memories("product" + element).stream())
        .toList();
  }

  @Override
  public List<Memory> select(SelectUnit unit) {
    int bits = Bits.choosing(unit.rowBeats());
    Memory rows =
        Memory.of(
            "memory", SelectUnit.SLOTS << bits, unit.input().type().bits(), MemoryUse.BUFFERS);
    return Stream.concat(
            Stream.of(rows),
            Stream.of(unit.columnTable(), unit.placeTable())
                .filter(table -> !table.isConstant())
                .map(table -> table.memory("beat", MemoryUse.POSITIONS)))
        .toList();
  }

  @Override
  public List<Memory> softmax(SoftmaxUnit unit) {
    Memory line =
        Memory.of(
            "memory", Math.max(2, unit.elements()), unit.input().type().bits(), MemoryUse.BUFFERS);
    return Stream.concat(
            Stream.of(line),
            unit.form().tables().stream()
                .filter(table -> !table.isConstant())
                .map(table -> table.memory("element", MemoryUse.TABLES)))
        .toList();
  }

  @Override
  public List<Memory> fork(ForkUnit unit) {
    return List.of();
  }

  @Override
  public List<Memory> concat(ConcatUnit unit) {
    return List.of();
  }

  @Override
  public List<Memory> constant(ConstantUnit unit) {
    return Stream.of(unit.table())
        .filter(table -> !table.isConstant())
        .map(table -> table.memory("beat", MemoryUse.TABLES))
        .toList();
  }

  @Override
  public List<Memory> width(WidthUnit unit) {
    return List.of();
  }

  @Override
  public List<Memory> argMax(ArgMaxUnit unit) {
    return List.of();
  }
}
