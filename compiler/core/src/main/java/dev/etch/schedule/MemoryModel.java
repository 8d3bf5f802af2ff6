// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.Design;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.MemoryMap;
import dev.etch.hardware.OutsideWords;
import dev.etch.hardware.WordReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The reader that {@link MemoryMap} documents, and the memory that {@link ExternalMemory} does. It
 * is stepped behind all units of a cycle: what these take is free for it from the next cycle on.
 */
final class MemoryModel {
  private static final int NOBODY = -1;

  private final ExternalMemory memory;
  private final int mostBursts;
  private final List<Client> clients = new ArrayList<>();
  private final Map<String, Client> byUnit = new LinkedHashMap<>();

  /** Whose burst was asked for last. */
  private int last;

  /** Whose address is on the bus. */
  private int asking = NOBODY;

  private int askedBeats;

  /** Bursts that were asked for and whose last beat did not come, as the reader counts them. */
  private int underWay;

  /** Bursts that the memory owes, oldest first. */
  private final ArrayDeque<Burst> bursts = new ArrayDeque<>();

  /** The next cycle in which the memory may give a beat. */
  private long next;

  private long given;

  /** Whose beat came in the cycle before, and is on its way into its queue. */
  private int arrived = NOBODY;

  /** Beats that the memory owes for one address. */
  private static final class Burst {
    private final int client;
    private final long soonest;
    private int beats;

    Burst(int client, long soonest, int beats) {
      this.client = client;
      this.soonest = soonest;
      this.beats = beats;
    }
  }

  /** What reads beats for one unit. */
  static final class Client {
    private final MemoryMap.Region region;
    private int at;

    /** Beats of room that no burst was asked for. */
    private int free;

    private int queued;
    private boolean popped;

    private Client(MemoryMap.Region region, int room) {
      this.region = region;
      this.free = room;
      this.at = region.first();
    }

    /** Whether there is a beat in this cycle. */
    boolean has() {
      return queued > 0;
    }

    /** Takes it. */
    void take() {
      popped = true;
    }

    private boolean wants() {
      return free >= ExternalMemory.BURST_BEATS;
    }

    /** Asks for the next burst; its beats. */
    private int ask() {
      int begin = at / ExternalMemory.BURST_BEATS * ExternalMemory.BURST_BEATS;
      int end = Math.min(begin + ExternalMemory.BURST_BEATS, region.end());
      int beats = end - at;
      at = end == region.end() ? region.again() : end;
      free -= beats;
      return beats;
    }

    private void endCycle() {
      if (popped) {
        popped = false;
        queued--;
        free++;
      }
    }
  }

  private MemoryModel(MemoryMap map) {
    this.memory = map.memory();
    this.mostBursts = map.mostBursts();
    for (MemoryMap.Region region : map.regions()) {
      Client client = new Client(region, memory.queueBeats());
      clients.add(client);
      byUnit.put(region.unit(), client);
      fill(client, region.words());
    }
    last = clients.size() - 1;
  }

  /** That of a design, if it reads from outside: as it is when the first frame may begin. */
  static Optional<MemoryModel> of(Design design) {
    return MemoryMap.of(design).map(MemoryModel::new);
  }

  /** The unit and the queue have as much as they have room for. */
  private void fill(Client client, OutsideWords words) {
    client.free += words.headerBeats() + words.ahead();
    while (client.wants()) {
      given += client.ask();
    }
    client.queued = memory.queueBeats() - client.free;
  }

  /** What reads for a unit. */
  Optional<Client> client(WordReader unit) {
    return Optional.ofNullable(byUnit.get(unit.name()));
  }

  /** One cycle; whether the next may be another in which something happens. */
  boolean step(long now) {
    if (arrived != NOBODY) {
      clients.get(arrived).queued++;
    }
    int owed = bursts.size();
    arrived = give(now);
    int ended = owed - bursts.size();
    accept(now);
    ask();
    underWay += (asking == NOBODY ? 0 : 1) - ended;
    boolean active = asking != NOBODY || arrived != NOBODY || !bursts.isEmpty();
    for (Client client : clients) {
      client.endCycle();
      active |= client.wants();
    }
    return active;
  }

  /** Whose beat the memory gives. */
  private int give(long now) {
    Burst burst = bursts.peek();
    if (burst == null || now < next || now < burst.soonest) {
      return NOBODY;
    }
    given++;
    next = now + memory.cyclesPerBeat();
    if (given % memory.refreshBeats() == 0) {
      next += memory.refreshCycles();
    }
    if (--burst.beats == 0) {
      bursts.remove();
    }
    return burst.client;
  }

  private void accept(long now) {
    if (asking != NOBODY) {
      bursts.add(new Burst(asking, now + memory.latency(), askedBeats));
      asking = NOBODY;
    }
  }

  /** The clients take turns. */
  private void ask() {
    if (underWay == mostBursts) {
      return;
    }
    for (int i = 1; i <= clients.size(); i++) {
      int number = (last + i) % clients.size();
      if (clients.get(number).wants()) {
        askedBeats = clients.get(number).ask();
        asking = number;
        last = number;
        return;
      }
    }
  }

  /** Adds all that its future depends on, as it is before cycle {@code now}. */
  void record(StateRecord record, long now) {
    for (Client client : clients) {
      record.add(client.at);
      record.add(client.free);
      record.add(client.queued);
    }
    record.add(last);
    record.add(asking);
    record.add(askedBeats);
    record.add(underWay);
    record.add(arrived);
    record.add(Math.max(0, next - now));
    record.add(given % memory.refreshBeats());
    record.add(bursts.size());
    for (Burst burst : bursts) {
      record.add(burst.client);
      record.add(Math.max(0, burst.soonest - now));
      record.add(burst.beats);
    }
  }
}
