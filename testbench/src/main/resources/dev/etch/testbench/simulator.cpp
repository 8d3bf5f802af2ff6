// SPDX-License-Identifier: Apache-2.0
// Drives one accelerator: commands on standard input, replies on standard output, both binary and
// little-endian. The command set is documented in SimulatedAccelerator.java.
//
// ports.h is generated from the ports that Verilator found: IN_BYTES and OUT_BYTES (bytes of a
// beat), HAS_<PORT> for each optional port, defined as its C++ name.
#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "Vdut.h"
#include "ports.h"
#include "verilated.h"
#ifdef ETCH_TRACE
#include "verilated_vcd_c.h"
#endif

namespace {

using Bytes = std::vector<uint8_t>;

// ---- Binary input and output ------------------------------------------------------------------

FILE* replies = nullptr;

/** Whole reads only; the end of the input between commands ends the process. */
void readBytes(void* to, size_t count) {
  if (count > 0 && fread(to, 1, count, stdin) != count) {
    _exit(0);
  }
}

template <typename T>
T read() {
  T value;
  readBytes(&value, sizeof value);
  return value;
}

void writeBytes(const void* from, size_t count) { fwrite(from, 1, count, replies); }

template <typename T>
void write(T value) {
  writeBytes(&value, sizeof value);
}

void writeText(const std::string& text) {
  write<uint32_t>(static_cast<uint32_t>(text.size()));
  writeBytes(text.data(), text.size());
}

/** What went wrong; becomes the reply 'E'. */
struct Failure {
  uint8_t code;
  std::string text;
};

/** Cycles that a design may take to see its reset: one register in front of it. */
constexpr uint32_t RESET_DELAY = 2;

constexpr uint8_t DEADLOCK = 1;
constexpr uint8_t PROTOCOL = 2;
constexpr uint8_t USAGE = 3;

// ---- Ports of any width -----------------------------------------------------------------------

template <typename T>
void store(T& port, const uint8_t* bytes, size_t count) {
  T value = 0;
  memcpy(&value, bytes, count);
  port = value;
}

template <std::size_t Words>
void store(VlWide<Words>& port, const uint8_t* bytes, size_t count) {
  port.m_storage[Words - 1] = 0;
  memcpy(port.m_storage, bytes, count);
}

template <typename T>
void load(const T& port, uint8_t* bytes, size_t count) {
  memcpy(bytes, &port, count);
}

template <std::size_t Words>
void load(const VlWide<Words>& port, uint8_t* bytes, size_t count) {
  memcpy(bytes, port.m_storage, count);
}

// ---- Random stalls ----------------------------------------------------------------------------

/** xorshift64*; the same seed gives the same stalls on every machine. */
struct Random {
  uint64_t state = 1;
  explicit Random(uint64_t seed) : state(seed * 2685821657736338717ULL + 88172645463325252ULL) {
    if (state == 0) state = 1;
    for (int i = 0; i < 8; i++) next();
  }
  uint32_t next() {
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return static_cast<uint32_t>((state * 2685821657736338717ULL) >> 32);
  }
  /** True with probability p / 2^32. */
  bool hit(uint32_t p) { return p != 0 && next() < p; }
};

// ---- The simulation ---------------------------------------------------------------------------

/** Beats to send; tlast goes with the very last one if asked for. */
struct Segment {
  Bytes data;
  size_t at = 0;
  bool last = false;
};

struct LiteAccess {
  bool active = false;
  bool isWrite = false;
  uint32_t address = 0;
  uint32_t data = 0;
  bool addressDone = false;
  bool dataDone = false;
  bool finished = false;
  uint8_t response = 0;
};

class Simulation {
 public:
  Simulation() : inputRandom(1), outputRandom(2) {
    context.randReset(2);
    context.randSeed(1);
#ifdef ETCH_TRACE
    context.traceEverOn(true);
#endif
    dut = std::make_unique<Vdut>(&context, "TOP");
    dut->aclk = 0;
    dut->aresetn = 0;
    idle();
    dut->eval();
  }

  ~Simulation() {
    traceStop();
    dut->final();
  }

  uint64_t cycle = 0;
  std::deque<Segment> pending;
  uint64_t wanted = 0;  // beats that the sink still accepts
  Bytes received;
  Bytes receivedLast;
  uint64_t acceptedBeats = 0;
  uint64_t deliveredBeats = 0;
  uint64_t lastActivity = 0;
  bool inputFired = false;
  bool outputFired = false;
  bool outputLast = false;
  bool checking = true;
  uint32_t stallInput = 0;
  uint32_t stallOutput = 0;

  void stalls(uint32_t input, uint32_t output, uint64_t seed) {
    stallInput = input;
    stallOutput = output;
    inputRandom = Random(2 * seed);
    outputRandom = Random(2 * seed + 1);
  }

  /** Holds aresetn low; beats not yet accepted and beats not yet collected are forgotten. */
  void reset(uint32_t cycles) {
    pending.clear();
    received.clear();
    receivedLast.clear();
    wanted = 0;
    offered = false;
    heldValid = false;
    lite = LiteAccess();
    idle();
    dut->aresetn = 0;
    for (uint32_t i = 0; i < cycles; i++) {
      lowPhase();
      if (i >= RESET_DELAY && dut->m_axis_tvalid) {
        throw Failure{PROTOCOL, "m_axis_tvalid is high while aresetn is low"};
      }
      highPhase();
    }
    dut->aresetn = 1;
    acceptedBeats = 0;
    deliveredBeats = 0;
    lastActivity = cycle;
  }

  /** One clock cycle. */
  void tick() {
    driveInput();
    bool ready = wanted > 0 && !outputRandom.hit(stallOutput);
    dut->m_axis_tready = ready;
    driveLite();
    lowPhase();
    inputFired = offered && dut->s_axis_tready;
    outputFired = ready && dut->m_axis_tvalid;
    checkOutput();
    if (outputFired) takeOutput();
    bool valid = dut->m_axis_tvalid;
    heldValid = valid && !outputFired;
    if (heldValid) {
      load(dut->m_axis_tdata, heldData, OUT_BYTES);
      heldLast = dut->m_axis_tlast;
    }
    sampleLite();
    highPhase();
    if (inputFired) advanceInput();
    if (inputFired || outputFired) lastActivity = cycle;
  }

  void beginLite(bool isWrite, uint32_t address, uint32_t data) {
    lite = LiteAccess();
    lite.active = true;
    lite.isWrite = isWrite;
    lite.address = address;
    lite.data = data;
  }

  const LiteAccess& access() const { return lite; }

  bool interrupt() const {
#ifdef HAS_INTERRUPT
    return dut->HAS_INTERRUPT;
#else
    return false;
#endif
  }

  std::string state() const {
    return "at cycle " + std::to_string(cycle) + ": " + std::to_string(acceptedBeats) +
           " beats went in, " + std::to_string(deliveredBeats) + " came out; s_axis_tvalid " +
           std::to_string(dut->s_axis_tvalid) + ", s_axis_tready " +
           std::to_string(dut->s_axis_tready) + ", m_axis_tvalid " +
           std::to_string(dut->m_axis_tvalid) + ", m_axis_tready " +
           std::to_string(dut->m_axis_tready);
  }

  void traceStart(const std::string& file, uint64_t first, uint64_t last) {
#ifdef ETCH_TRACE
    traceFile = file;
    traceFirst = first;
    traceLast = last;
#else
    throw Failure{USAGE, "this simulator was built without tracing"};
#endif
  }

  void traceStop() {
#ifdef ETCH_TRACE
    if (trace) {
      trace->close();
      trace.reset();
    }
    traceFile.clear();
#endif
  }

 private:
  VerilatedContext context;
  std::unique_ptr<Vdut> dut;
  Random inputRandom;
  Random outputRandom;
  bool offered = false;  // tvalid is up and must stay so until accepted
  bool heldValid = false;
  bool heldLast = false;
  uint8_t heldData[OUT_BYTES];
  LiteAccess lite;
#ifdef ETCH_TRACE
  std::unique_ptr<VerilatedVcdC> trace;
  std::string traceFile;
  uint64_t traceFirst = 0;
  uint64_t traceLast = 0;
#endif

  void idle() {
    dut->s_axis_tvalid = 0;
    dut->s_axis_tlast = 0;
    dut->m_axis_tready = 0;
    dut->s_axi_awvalid = 0;
    dut->s_axi_wvalid = 0;
    dut->s_axi_bready = 0;
    dut->s_axi_arvalid = 0;
    dut->s_axi_rready = 0;
#ifdef HAS_S_AXI_AWPROT
    dut->s_axi_awprot = 0;
#endif
#ifdef HAS_S_AXI_ARPROT
    dut->s_axi_arprot = 0;
#endif
  }

  void lowPhase() {
    dut->aclk = 0;
    dut->eval();
    dump(0);
  }

  void highPhase() {
    dut->aclk = 1;
    dut->eval();
    dump(1);
    cycle++;
  }

  void dump(int half) {
#ifdef ETCH_TRACE
    if (traceFile.empty() || cycle < traceFirst) return;
    if (cycle > traceLast) {
      traceStop();
      return;
    }
    if (!trace) {
      trace = std::make_unique<VerilatedVcdC>();
      dut->trace(trace.get(), 99);
      trace->open(traceFile.c_str());
    }
    // The values before the rising edge of cycle c carry time 10 c, those after it 10 c + 5.
    trace->dump(cycle * 10 + half * 5);
#else
    (void)half;
#endif
  }

  void driveInput() {
    if (!offered && !pending.empty() && !inputRandom.hit(stallInput)) {
      Segment& segment = pending.front();
      store(dut->s_axis_tdata, segment.data.data() + segment.at, IN_BYTES);
      dut->s_axis_tlast = segment.last && segment.at + IN_BYTES == segment.data.size();
#ifdef HAS_S_AXIS_TKEEP
      dut->s_axis_tkeep = ~0ULL & ((IN_BYTES < 64) ? ((1ULL << (IN_BYTES % 64)) - 1) : ~0ULL);
#endif
      offered = true;
    }
    dut->s_axis_tvalid = offered;
  }

  void advanceInput() {
    offered = false;
    acceptedBeats++;
    Segment& segment = pending.front();
    segment.at += IN_BYTES;
    if (segment.at == segment.data.size()) pending.pop_front();
  }

  void takeOutput() {
    size_t at = received.size();
    received.resize(at + OUT_BYTES);
    load(dut->m_axis_tdata, received.data() + at, OUT_BYTES);
    outputLast = dut->m_axis_tlast;
    receivedLast.push_back(outputLast);
    deliveredBeats++;
    if (wanted != UINT64_MAX) wanted--;
  }

  void checkOutput() {
    if (!checking || !heldValid) return;
    if (!dut->m_axis_tvalid) throw Failure{PROTOCOL, "m_axis_tvalid fell before the beat was taken"};
    uint8_t now[OUT_BYTES];
    load(dut->m_axis_tdata, now, OUT_BYTES);
    if (memcmp(now, heldData, OUT_BYTES) != 0) {
      throw Failure{PROTOCOL, "m_axis_tdata changed before the beat was taken"};
    }
    if (heldLast != static_cast<bool>(dut->m_axis_tlast)) {
      throw Failure{PROTOCOL, "m_axis_tlast changed before the beat was taken"};
    }
  }

  void driveLite() {
    bool busy = lite.active && !lite.finished;
    dut->s_axi_awvalid = busy && lite.isWrite && !lite.addressDone;
    dut->s_axi_wvalid = busy && lite.isWrite && !lite.dataDone;
    dut->s_axi_bready = busy && lite.isWrite;
    dut->s_axi_arvalid = busy && !lite.isWrite && !lite.addressDone;
    dut->s_axi_rready = busy && !lite.isWrite;
    if (!busy) return;
    dut->s_axi_awaddr = lite.address;
    dut->s_axi_araddr = lite.address;
    dut->s_axi_wdata = lite.data;
    dut->s_axi_wstrb = 15;
  }

  void sampleLite() {
    if (!lite.active || lite.finished) return;
    if (lite.isWrite) {
      if (dut->s_axi_awvalid && dut->s_axi_awready) lite.addressDone = true;
      if (dut->s_axi_wvalid && dut->s_axi_wready) lite.dataDone = true;
      if (dut->s_axi_bvalid && dut->s_axi_bready) {
        if (!lite.addressDone || !lite.dataDone) {
          throw Failure{PROTOCOL, "s_axi_bvalid before the address and the data were taken"};
        }
        lite.finished = true;
        lite.response = dut->s_axi_bresp;
      }
    } else {
      if (dut->s_axi_arvalid && dut->s_axi_arready) lite.addressDone = true;
      if (dut->s_axi_rvalid && dut->s_axi_rready) {
        if (!lite.addressDone) {
          throw Failure{PROTOCOL, "s_axi_rvalid before the address was taken"};
        }
        lite.finished = true;
        lite.response = dut->s_axi_rresp;
        lite.data = dut->s_axi_rdata;
      }
    }
  }
};

// ---- Commands ---------------------------------------------------------------------------------

void reply(char tag) { write<char>(tag); }

void requireWholeBeats(size_t bytes, size_t beat) {
  if (bytes == 0 || bytes % beat != 0) throw Failure{USAGE, "not a whole number of beats"};
}

void lite(Simulation& sim, bool isWrite) {
  uint32_t address = read<uint32_t>();
  uint32_t data = isWrite ? read<uint32_t>() : 0;
  uint64_t limit = read<uint64_t>();
  sim.beginLite(isWrite, address, data);
  for (uint64_t i = 0; !sim.access().finished; i++) {
    if (i == limit) {
      sim.beginLite(isWrite, address, data);
      throw Failure{DEADLOCK, "no answer to a register access within " + std::to_string(limit) +
                                  " cycles, " + sim.state()};
    }
    sim.tick();
  }
  reply('A');
  write<uint32_t>(sim.access().response);
  write<uint32_t>(sim.access().data);
}

void send(Simulation& sim) {
  Segment segment;
  segment.last = read<uint8_t>() != 0;
  segment.data.resize(read<uint32_t>());
  readBytes(segment.data.data(), segment.data.size());
  requireWholeBeats(segment.data.size(), IN_BYTES);
  sim.pending.push_back(std::move(segment));
  reply('A');
}

void receive(Simulation& sim) {
  uint64_t beats = read<uint64_t>();
  uint64_t limit = read<uint64_t>();
  uint64_t have = sim.receivedLast.size();
  sim.wanted = have >= beats ? 0 : beats - have;
  for (uint64_t i = 0; i < limit && sim.receivedLast.size() < beats; i++) sim.tick();
  size_t count = std::min<size_t>(beats, sim.receivedLast.size());
  sim.wanted = 0;
  reply('A');
  write<uint64_t>(count);
  writeBytes(sim.received.data(), count * OUT_BYTES);
  writeBytes(sim.receivedLast.data(), count);
  sim.received.erase(sim.received.begin(), sim.received.begin() + count * OUT_BYTES);
  sim.receivedLast.erase(sim.receivedLast.begin(), sim.receivedLast.begin() + count);
}

/** Runs until every beat sent was accepted; the sink takes whatever comes. */
void flushInput(Simulation& sim) {
  uint64_t limit = read<uint64_t>();
  sim.wanted = UINT64_MAX;
  for (uint64_t i = 0; i < limit && !sim.pending.empty(); i++) sim.tick();
  sim.wanted = 0;
  reply('A');
  write<uint8_t>(sim.pending.empty());
}

/** Frames back to back; each is replied as soon as its last beat is out. */
void frames(Simulation& sim) {
  uint64_t count = read<uint64_t>();
  uint64_t inputBeats = read<uint64_t>();
  uint64_t outputBeats = read<uint64_t>();
  uint64_t idleLimit = read<uint64_t>();
  uint64_t cycleLimit = read<uint64_t>();
  uint64_t begin = sim.cycle;
  uint64_t fed = 0;
  uint64_t done = 0;
  uint64_t beatsIn = 0;
  std::deque<uint64_t> starts;
  sim.received.clear();
  sim.receivedLast.clear();
  sim.wanted = UINT64_MAX;
  sim.lastActivity = sim.cycle;
  while (done < count) {
    if (fed < count && sim.pending.empty()) {
      Segment segment;
      segment.last = true;
      segment.data.resize(inputBeats * IN_BYTES);
      readBytes(segment.data.data(), segment.data.size());
      sim.pending.push_back(std::move(segment));
      fed++;
    }
    uint64_t now = sim.cycle;
    sim.tick();
    if (sim.inputFired && beatsIn++ % inputBeats == 0) starts.push_back(now);
    if (sim.outputFired) {
      uint64_t beats = sim.receivedLast.size();
      if (sim.checking && sim.outputLast != (beats == outputBeats)) {
        throw Failure{PROTOCOL, "m_axis_tlast is " + std::to_string(sim.outputLast) + " at beat " +
                                    std::to_string(beats - 1) + " of frame " +
                                    std::to_string(done) + ", which has " +
                                    std::to_string(outputBeats) + " beats"};
      }
      if (starts.empty()) {
        throw Failure{PROTOCOL, "output beat before the first beat of frame " +
                                    std::to_string(done) + " was taken"};
      }
      if (beats == outputBeats) {
        reply('F');
        write<uint64_t>(starts.front());
        write<uint64_t>(now);
        writeBytes(sim.received.data(), sim.received.size());
        fflush(replies);
        starts.pop_front();
        sim.received.clear();
        sim.receivedLast.clear();
        done++;
      }
    }
    if (sim.cycle - sim.lastActivity > idleLimit) {
      throw Failure{DEADLOCK,
                    "no beat moved for " + std::to_string(idleLimit) + " cycles, " + sim.state()};
    }
    if (sim.cycle - begin > cycleLimit) {
      throw Failure{DEADLOCK, "not done after " + std::to_string(cycleLimit) + " cycles, " +
                                  sim.state()};
    }
  }
  sim.wanted = 0;
  reply('A');
  write<uint64_t>(sim.cycle - begin);
}

void command(Simulation& sim, char tag) {
  switch (tag) {
    case 'R':
      sim.reset(read<uint32_t>());
      reply('A');
      break;
    case 'S': {
      uint32_t input = read<uint32_t>();
      uint32_t output = read<uint32_t>();
      sim.stalls(input, output, read<uint64_t>());
      reply('A');
      break;
    }
    case 'W':
      lite(sim, true);
      break;
    case 'G':
      lite(sim, false);
      break;
    case 'I':
      send(sim);
      break;
    case 'O':
      receive(sim);
      break;
    case 'U':
      flushInput(sim);
      break;
    case 'C':
      for (uint64_t n = read<uint64_t>(); n > 0; n--) sim.tick();
      reply('A');
      break;
    case 'K':
      sim.checking = read<uint8_t>() != 0;
      reply('A');
      break;
    case 'Q':
      reply('A');
      write<uint64_t>(sim.cycle);
      write<uint64_t>(sim.acceptedBeats);
      write<uint64_t>(sim.deliveredBeats);
      write<uint8_t>(sim.interrupt());
      break;
    case 'T': {
      uint64_t first = read<uint64_t>();
      uint64_t last = read<uint64_t>();
      std::string file(read<uint32_t>(), '\0');
      readBytes(&file[0], file.size());
      sim.traceStart(file, first, last);
      reply('A');
      break;
    }
    case 't':
      sim.traceStop();
      reply('A');
      break;
    case 'B':
      frames(sim);
      break;
    default:
      throw Failure{USAGE, std::string("unknown command ") + tag};
  }
}

}  // namespace

int main() {
  // Whatever the design prints goes to standard error; standard output carries replies only.
  replies = fdopen(dup(1), "wb");
  dup2(2, 1);
  Simulation sim;
  write<uint32_t>(0x48435445);  // "ETCH"
  write<uint32_t>(1);
  write<uint32_t>(IN_BYTES);
  write<uint32_t>(OUT_BYTES);
  fflush(replies);
  for (int tag = getchar(); tag != EOF && tag != 'X'; tag = getchar()) {
    try {
      command(sim, static_cast<char>(tag));
    } catch (const Failure& failure) {
      reply('E');
      write<uint8_t>(failure.code);
      writeText(failure.text);
    }
    fflush(replies);
  }
  return 0;
}
