// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.LaneSharing.Port;
import dev.etch.hardware.WindowBuffer.Place;
import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.memory.Memory;
import dev.etch.hardware.memory.MemoryUse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The memory ports of a {@link WindowUnit}: copies or banks of its buffer, and what they read. */
public final class WindowPorts {
  /** Steps up to which a column takes no more look-up tables than an adder for another base. */
  private static final int SHORT_SCHEDULE = 64;

  private final WindowUnit unit;
  private final ScheduleColumns columns;
  private final List<Port> ports;
  private final List<Addresses> addresses = new ArrayList<>();
  private final List<BankedPorts> bankedPorts = new ArrayList<>();

  /**
   * Where a port reads in each slot: where a column says, and some beats further on.
   *
   * @param column of the schedule
   * @param distance added to the column, at least 0
   */
  public record Addresses(String column, int distance) {}

  /**
   * Neighbouring ports that read the banks of one copy of the window: each a beat of another bank.
   *
   * @param first number of the first port, which reads what the columns say
   * @param address column of the word that it reads, behind the pixel's base
   * @param bank column of the bank that it reads; the port behind it reads the next, and behind the
   *     last bank comes the first, a round further on
   */
  public record BankedPorts(int first, String address, String bank) {}

  /** The ports of a unit; adds their columns. */
  WindowPorts(WindowUnit unit, ScheduleColumns columns) {
    this.unit = unit;
    this.columns = columns;
    this.ports = LaneSharing.ports(unit.program(), unit.buffer().banks());
    addPorts();
  }

  /** All, in the order of their numbers. */
  public List<Port> all() {
    return ports;
  }

  /** Where each port reads, in the order of their numbers; none if they read banks. */
  public List<Addresses> addresses() {
    return List.copyOf(addresses);
  }

  /** All ports, if they read banks. */
  public List<BankedPorts> bankedPorts() {
    return List.copyOf(bankedPorts);
  }

  /** Name of a port's memory or, of ports that read banks, of as many banks. */
  public String memoryName(int port) {
    int banks = unit.buffer().banks().count();
    String bank = banks > 1 ? "_bank" + port % banks : "";
    return "port" + port / banks * banks + bank + "_memory";
  }

  /** What is added to the pixel's base for some port, ascending; with 0 only if a port has it. */
  public List<Integer> distances() {
    if (unit.buffer().banks().areSeveral()) {
      return List.of(0, unit.buffer().banks().beats());
    }
    return addresses.stream().map(Addresses::distance).distinct().sorted().toList();
  }

  /** Elements of a beat that a port's memory stores, ascending: all that it may have to read. */
  public List<Integer> stored(Port port) {
    return unit.operation() == Operation.DOT || unit.program().loadsSchedule()
        ? IntStream.range(0, unit.input().type().elements()).boxed().toList()
        : port.elements();
  }

  /** Bits of an address of the circular memory. */
  public int addressBits() {
    return Math.max(1, Bits.choosing(unit.buffer().words()));
  }

  /** Words of each port's memory, or bank. */
  public int bufferWords() {
    return Math.max(2, unit.buffer().words());
  }

  private void addPorts() {
    if (unit.buffer().banks().areSeveral()) {
      for (int first = 0; first < ports.size(); first += unit.buffer().banks().count()) {
        bankedPorts.add(bankedPorts(first));
        addElements(ports.get(first), "port" + first);
      }
      return;
    }
    Map<List<Integer>, Addresses> known = new HashMap<>();
    for (int number = 0; number < ports.size(); number++) {
      Port port = ports.get(number);
      String name = "port" + number;
      addresses.add(addresses(port, name, known));
      if (unit.operation() != Operation.DOT) {
        addElements(port, name);
      }
    }
  }

  private BankedPorts bankedPorts(int first) {
    WindowBuffer buffer = unit.buffer();
    List<Place> places = ports.get(first).addresses().stream().map(buffer::place).toList();
    String address = "port" + first + "_address";
    String bank = "port" + first + "_bank";
    long[] words = places.stream().mapToLong(place -> place.word() % buffer.words()).toArray();
    long[] banks = places.stream().mapToLong(Place::bank).toArray();
    add(address, PipelineStages.ADDRESS, words, addressBits());
    int bankBits = Bits.choosing(buffer.banks().count());
    add(bank, PipelineStages.ADDRESS, banks, bankBits);
    return new BankedPorts(first, address, bank);
  }

  /** A copy of a lane reads a distance behind the first; one column does for both. */
  private Addresses addresses(Port port, String name, Map<List<Integer>, Addresses> known) {
    int depth = unit.buffer().words();
    int first = port.addresses().get(0);
    List<Integer> relative =
        port.addresses().stream().map(address -> Math.floorMod(address - first, depth)).toList();
    Addresses leader = known.get(relative);
    boolean isKnown = leader != null && !unit.program().loadsSchedule();
    if (isKnown && unit.program().steps() > SHORT_SCHEDULE) {
      long start = columns.get(leader.column()).entries()[0];
      return new Addresses(leader.column(), Math.floorMod(first - (int) start, depth));
    }
    String column = name + "_address";
    long[] entries = port.addresses().stream().mapToLong(address -> address % depth).toArray();
    add(column, PipelineStages.ADDRESS, entries, addressBits());
    Addresses own = new Addresses(column, 0);
    known.putIfAbsent(relative, own);
    return own;
  }

  private void addElements(Port port, String name) {
    List<Integer> stored = stored(port);
    for (int number = 0; number < port.feeds().size(); number++) {
      // A feed that only idles names no stored element; any will do.
      long[] places =
          port.feeds().get(number).elements().stream()
              .mapToLong(element -> Math.max(0, stored.indexOf(element)))
              .toArray();
      add(
          name + "_feed" + number + "_element",
          PipelineStages.BEAT,
          places,
          Bits.choosing(stored.size()));
    }
  }

  /** The copies or banks of the buffer. */
  List<Memory> memories() {
    List<Memory> memories = new ArrayList<>();
    int element = unit.input().type().element().bits();
    for (int number = 0; number < ports.size(); number++) {
      int width = stored(ports.get(number)).size() * element;
      memories.add(Memory.of(memoryName(number), bufferWords(), width, MemoryUse.BUFFERS));
    }
    return memories;
  }

  private void add(String name, int stage, long[] entries, int width) {
    columns.add(name, stage, MemoryUse.POSITIONS, entries, width);
  }
}
