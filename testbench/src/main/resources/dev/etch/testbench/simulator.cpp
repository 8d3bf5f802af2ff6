// SPDX-License-Identifier: Apache-2.0
// Drives one accelerator: commands on standard input, replies on standard output, both binary and
// little-endian. The command set is documented in SimulatedAccelerator.java.
//
// ports.h is generated from the ports that Verilator found: IN_BYTES (bytes of an input beat),
// OUTPUTS (name, bytes of a beat and pins of each output), HAS_<PORT> for each optional port, defined
// as its C++ name.
#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "Vdut.h"
#include "Vdut___024root.h"
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
constexpr uint8_t REGISTER = 4;

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

/** Stalls of one side of the host: a cycle each, or bursts of up to so many. */
struct HostStalls {
  uint32_t threshold = 0;  // of 2^32
  uint32_t most = 1;
  Random random;
  uint32_t left = 0;

  HostStalls(uint32_t threshold, uint32_t most, uint64_t seed)
      : threshold(threshold), most(most), random(seed) {}

  bool hit() {
    if (left > 0) {
      left--;
      return true;
    }
    if (!random.hit(threshold)) return false;
    if (most > 1) left = random.next() % most;
    return true;
  }
};

// ---- The simulation ---------------------------------------------------------------------------

/** Beats to send; tlast goes with the very last one if asked for. */
struct Segment {
  Bytes data;
  size_t at = 0;
  bool last = false;
};

/** In which cycle of a register access each valid and ready rises. */
struct LiteDelays {
  uint32_t address = 0;
  uint32_t data = 0;
  uint32_t response = 0;
};

struct LiteAccess {
  bool active = false;
  uint32_t age = 0;
  bool isWrite = false;
  uint32_t address = 0;
  uint32_t data = 0;
  uint32_t wanted = 0;
  bool addressDone = false;
  bool dataDone = false;
  bool finished = false;
  uint8_t response = 0;
};

/** Reads whose addresses come without waiting for the answers. */
struct LiteReads {
  std::vector<uint32_t> addresses;
  uint32_t hold = 0;  // cycles until the answers are taken
  uint32_t age = 0;
  size_t asked = 0;
  std::vector<uint32_t> responses;
  std::vector<uint32_t> words;

  bool busy() const { return words.size() < addresses.size(); }
};

/** What a queue takes: how many beats, when, and an FNV-1a hash of their bytes in turn. */
struct QueueDigest {
  std::string name;
  const uint8_t* pushing;
  const void* payload;
  size_t bytes;
  uint64_t beats = 0;
  uint64_t hash = 0xcbf29ce484222325u;
  bool timed = false;
  std::vector<uint64_t> cycles;  // of each beat, if timed

  void sample(uint64_t cycle) {
    if (!*pushing) return;
    beats++;
    if (timed) cycles.push_back(cycle);
    const uint8_t* at = static_cast<const uint8_t*>(payload);
    for (size_t i = 0; i < bytes; i++) hash = (hash ^ at[i]) * 0x100000001b3u;
  }
};

/** Bits of a register of the design, to be read or set from outside. */
struct Field {
  const char* name;
  uint8_t* at;
  uint32_t low = 0;
  uint32_t bits = 0;

  void set(uint64_t number) const {
    for (uint32_t i = 0; i < bits; i++) {
      uint8_t mask = static_cast<uint8_t>(1u << (low + i) % 8);
      uint8_t& byte = at[(low + i) / 8];
      byte = number >> i & 1 ? byte | mask : byte & ~mask;
    }
  }
  uint64_t get() const {
    uint64_t number = 0;
    for (uint32_t i = 0; i < bits; i++) {
      number |= uint64_t{at[(low + i) / 8] >> (low + i) % 8 & 1u} << i;
    }
    return number;
  }
};

/** Beats of a frame, and what registers read that never change. */
struct DesignFacts {
  uint64_t inputBeats = 0;
  uint64_t outputBeats[OUTPUT_COUNT] = {};
  uint32_t hash = 0;
  uint32_t inputFormat = 0;
  uint32_t outputFormat[OUTPUT_COUNT] = {};
  uint32_t loadedWords = 0;  // 0 if the host loads no weights
  uint8_t buffers = 1;       // of each memory that it loads
  bool memory = false;       // whether words are read from outside
};

/** What happens at the pins in one clock cycle. */
struct PinEvents {
  bool reset = false;
  bool inputFired = false;
  bool inputLast = false;
  bool outputFired[OUTPUT_COUNT] = {};
  bool written = false;
  uint32_t address = 0;
  uint32_t data = 0;
};

/** What the registers by which the host loads weights read, as RegisterMap.java says it. */
class LoadModel {
 public:
  /** Whether no frame may begin. */
  bool holds() const { return hold || waits || broken; }

  uint32_t control() const { return (hold ? HOLD : 0) | (writes ? WRITE : 0); }

  uint32_t status() const {
    return (idle() ? 1 : 0) | (checked ? 2 : 0) | (refused ? 4 : 0) | (broken ? 8 : 0) |
           (waits ? 16 : 0) | (buffer ? 32 : 0);
  }

  uint32_t image() const { return inPlace; }

  /** Ends the cycle. Whether the design stands still between frames, and forgets an image. */
  void step(const PinEvents& pins, const DesignFacts& facts, bool held, bool softReset) {
    uint32_t address = pins.written ? pins.address & ~3u : REGISTER_identity;
    bool controls = address == REGISTER_loadControl;
    bool jumps = address == REGISTER_loadAddress;
    bool arrives = address == REGISTER_loadData;
    bool ends = address == REGISTER_loadCheck;
    bool isDoubled = facts.buffers > 1;
    bool armed = writes && (isDoubled ? !waits : checked && idle());
    bool wanted = count != 0 && count <= facts.loadedWords;
    bool frames = hold || waits;
    bool swaps = waits && idle() && swapAge == 0 && !pins.reset;
    if (swapAge == TOLD) waits = false;
    swapAge = swaps || (swapAge != 0 && swapAge != TOLD) ? swapAge + 1 : 0;
    if (swaps) takeEffect();
    if (!pins.reset) decide(isDoubled);
    decides = ends;
    claimed = pins.data;
    wrote = ends && armed && !skipped;
    sound = ~crc == pins.data && count == facts.loadedWords + 1 && !foreign;
    writing = arrives && armed && wanted;
    quiet = !(frames && held) ? 0 : idle() ? quiet : quiet + 1;
    if (jumps || arrives) update(pins.data);
    if (arrives && !armed) skipped = true;
    if (arrives && count == 0) foreign = pins.data != facts.hash;
    if (arrives && count != facts.loadedWords + 2) count++;
    if ((controls && (pins.data & BEGIN)) || softReset) begin();
    if (controls) {
      hold = pins.data & HOLD;
      writes = pins.data & WRITE;
    }
    if (pins.reset) reset();
  }

 private:
  static constexpr uint32_t HOLD = 1;
  static constexpr uint32_t WRITE = 2;
  static constexpr uint32_t BEGIN = 4;
  static constexpr uint32_t QUIET = 15;
  static constexpr uint32_t TOLD = 4;
  static constexpr uint32_t POLYNOMIAL = 0xedb88320;

  bool hold = false;
  bool writes = false;
  uint32_t quiet = 0;
  uint32_t crc = 0;
  uint32_t count = 0;
  bool foreign = true;
  bool skipped = false;
  bool decides = false;
  bool sound = false;
  bool wrote = false;
  bool writing = false;
  uint32_t claimed = 0;
  bool checked = false;
  bool refused = false;
  bool broken = false;
  uint32_t inPlace = 0;

  // Of two buffers: which one frames use, whether an image waits, and since when it is in use.
  bool buffer = false;
  bool waits = false;
  uint32_t waiting = 0;
  uint32_t swapAge = 0;

  bool idle() const { return quiet == QUIET; }

  void takeEffect() {
    buffer = !buffer;
    broken = false;
    inPlace = waiting;
  }

  void decide(bool isDoubled) {
    if (writing && !isDoubled) broken = true;
    if (!decides) return;
    refused = !sound;
    checked = sound;
    if (!sound || !wrote) return;
    if (isDoubled) {
      waits = true;
      waiting = claimed;
    } else {
      broken = false;
      inPlace = claimed;
    }
  }

  void update(uint32_t word) {
    crc ^= word;
    for (int bit = 0; bit < 32; bit++) crc = crc & 1 ? crc >> 1 ^ POLYNOMIAL : crc >> 1;
  }

  void begin() {
    crc = 0xffffffff;
    count = 0;
    foreign = true;
    skipped = false;
    refused = false;
  }

  /** What stands in the memories stays, and what is known of it. */
  void reset() {
    begin();
    hold = writes = decides = wrote = writing = checked = waits = false;
    quiet = swapAge = 0;
  }
};

/**
 * What the registers of RegisterMap.java read, from what happened at the pins alone. The state is
 * the one that a register shows in the present cycle; step() ends the cycle.
 */
class RegisterModel {
 public:
  DesignFacts facts;
  bool on = false;
  uint64_t framesInside = 0;

  bool interrupt() const { return (pending & 1) && (control & INTERRUPT_ENABLE); }

  /** Whether a frame has begun and not left, though the register may not show it yet. */
  bool isFrameInside() const { return framesInside + events.began - events.left != 0; }

  bool lastIsDue(size_t output) const { return outputAt[output] + 1 == facts.outputBeats[output]; }

  /** Whether the input stands before a frame that may not begin. */
  bool isHeld() const {
    bool withoutWords = facts.memory && !(memoryControl & ENABLE);
    return inputAt == 0 && (withoutWords || (loads() && load.holds()));
  }

  /** Whether what a register reads follows from the host's side alone. */
  bool isPredicted(uint32_t address) const { return (address & ~3u) != REGISTER_memoryStatus; }

  bool isKnown(uint32_t address) const {
    switch (address & ~3u) {
#define KNOWN(name, offset) case offset:
      REGISTERS(KNOWN)
#undef KNOWN
      return true;
#define LOADS(name, offset) case offset:
      LOAD_REGISTERS(LOADS)
#undef LOADS
      return loads();
#define READS(name, offset) case offset:
      MEMORY_REGISTERS(READS)
#undef READS
      return facts.memory;
      default:
        return output(address) != 0;
    }
  }

  static std::string name(uint32_t address) {
    switch (address & ~3u) {
#define NAME(name, offset) case offset: return #name;
      REGISTERS(NAME)
      LOAD_REGISTERS(NAME)
      MEMORY_REGISTERS(NAME)
#undef NAME
      default:
        return nameOfOutput(address & ~3u);
    }
  }

  /** The value that a read takes over in this cycle. */
  uint32_t read(uint32_t address) {
    switch (address & ~3u) {
      case REGISTER_identity:
        return IDENTITY_VALUE;
      case REGISTER_version:
        return VERSION_VALUE;
      case REGISTER_designHash:
        return facts.hash;
      case REGISTER_control:
        return control;
      case REGISTER_status:
        return (framesInside != 0 ? 1 : 0) | (errors != 0 ? 2 : 0);
      case REGISTER_error:
        return errors;
      case REGISTER_interruptPending:
        return pending;
      case REGISTER_framesIn:
        return static_cast<uint32_t>(framesIn);
      case REGISTER_framesOut:
        return static_cast<uint32_t>(framesOut);
      case REGISTER_cyclesLow:
        latchesHigh = true;
        return static_cast<uint32_t>(cycles);
      case REGISTER_cyclesHigh:
        return cyclesHigh;
      case REGISTER_lastFrameCycles:
        return static_cast<uint32_t>(frameCycles);
      case REGISTER_inputBeats:
        return static_cast<uint32_t>(beatsIn);
      case REGISTER_outputBeats:
        return static_cast<uint32_t>(beatsOut[0]);
      case REGISTER_latencyCycles:
        return static_cast<uint32_t>(latencyCycles);
      case REGISTER_inputFrameBeats:
        return static_cast<uint32_t>(facts.inputBeats);
      case REGISTER_outputFrameBeats:
        return static_cast<uint32_t>(facts.outputBeats[0]);
      case REGISTER_inputFormat:
        return facts.inputFormat;
      case REGISTER_outputFormat:
        return facts.outputFormat[0];
      case REGISTER_loadControl:
        return load.control();
      case REGISTER_loadStatus:
        return load.status();
      case REGISTER_loadImage:
        return load.image();
      case REGISTER_memoryControl:
        return memoryControl;
      case REGISTER_memoryAddressLow:
        return memoryAddress[0];
      case REGISTER_memoryAddressHigh:
        return memoryAddress[1];
      default:
        return ofOutput(address & ~3u);
    }
  }

  void step(const PinEvents& pins) {
    bool held = inputAt == 0 && framesInside == 0;
    if (coreReset) {
      forgetFrames();
    } else {
      count(pins);
    }
    bool softReset = false;
    if (pins.reset) {
      control = 0;
    } else if (pins.written && (pins.address & ~3u) == REGISTER_control) {
      softReset = pins.data & SOFT_RESET;
      control = pins.data & (RUN | INTERRUPT_ENABLE);
    }
    coreReset = pins.reset || softReset;
    set(memoryControl, REGISTER_memoryControl, ENABLE, pins);
    set(memoryAddress[0], REGISTER_memoryAddressLow, ~0u, pins);
    set(memoryAddress[1], REGISTER_memoryAddressHigh, ~0u, pins);
    if (loads()) load.step(pins, facts, held, softReset);
  }

  /** What a test sets in the design, by its name there. */
  void deposit(const std::string& name, uint64_t value) {
    if (name == "monitor_frames_in") framesIn = value;
    if (name == "monitor_frames_out") framesOut = value;
    if (name == "monitor_beats_in") beatsIn = value;
    if (name == "monitor_beats_out") beatsOut[0] = value;
    for (size_t other = 1; other < OUTPUT_COUNT; other++) {
      if (name == "monitor_others_" + std::to_string(other - 1) + "_beats_out") {
        beatsOut[other] = value;
      }
    }
    if (name == "monitor_cycles_low") cycles = (cycles >> 32 << 32) | value;
    if (name == "monitor_cycles_high") cycles = (value << 32) | (cycles & 0xffffffff);
    if (name == "monitor_since_left_low") sinceLeft = (sinceLeft & 0xffff0000) | value;
    if (name == "monitor_since_left_high") sinceLeft = value << 16 | (sinceLeft & 0xffff);
    if (name == "monitor_since_began_low") sinceBegan = (sinceBegan & 0xffff0000) | value;
    if (name == "monitor_since_began_high") sinceBegan = value << 16 | (sinceBegan & 0xffff);
  }

 private:
  static constexpr uint32_t RUN = 1;
  static constexpr uint32_t SOFT_RESET = 2;
  static constexpr uint32_t INTERRUPT_ENABLE = 4;
  static constexpr uint32_t ENABLE = 1;

  /** What happened in a cycle; it counts in the next. */
  struct Events {
    bool inputFired = false;
    bool outputFired[OUTPUT_COUNT] = {};
    bool began = false;
    bool entered = false;
    bool left = false;
    bool early = false;
    bool missing = false;
  };

  Events events;

  LoadModel load;
  bool coreReset = true;
  uint32_t control = 0;
  uint32_t memoryControl = 0;
  uint32_t memoryAddress[2] = {0, 0};
  uint32_t errors = 0;
  uint32_t pending = 0;
  uint64_t framesIn = 0;
  uint64_t framesOut = 0;
  uint64_t beatsIn = 0;
  uint64_t beatsOut[OUTPUT_COUNT] = {};
  uint64_t inputAt = 0;
  uint64_t outputAt[OUTPUT_COUNT] = {};
  uint64_t ahead[OUTPUT_COUNT] = {};  // frames that it has given and others have not
  uint64_t cycles = 0;
  uint32_t cyclesHigh = 0;
  bool latchesHigh = false;
  bool anyLeft = false;
  uint64_t sinceLeft = 0;
  uint64_t frameCycles = 0;
  bool timing = false;
  uint64_t sinceBegan = 0;
  uint64_t latencyCycles = 0;

  bool loads() const { return facts.loadedWords != 0; }

  static std::string nameOfOutput(uint32_t address) {
    static const char* const NAMES[] = {"Beats", "FrameBeats", "Format"};
    size_t number = output(address);
    if (number == 0) return "address " + std::to_string(address);
    return "output" + std::to_string(number) +
           NAMES[(address - OTHER_OUTPUTS) % BYTES_OF_OUTPUT / 4 % 3];
  }

  /** Which output behind the first a register belongs to; 0 if to none. */
  static size_t output(uint32_t address) {
    if (address < OTHER_OUTPUTS) return 0;
    size_t output = (address - OTHER_OUTPUTS) / BYTES_OF_OUTPUT + 1;
    return output < OUTPUT_COUNT ? output : 0;
  }

  uint32_t ofOutput(uint32_t address) const {
    size_t number = output(address);
    if (number == 0) return 0;
    switch ((address - OTHER_OUTPUTS) % BYTES_OF_OUTPUT) {
      case 0:
        return static_cast<uint32_t>(beatsOut[number]);
      case 4:
        return static_cast<uint32_t>(facts.outputBeats[number]);
      default:
        return facts.outputFormat[number];
    }
  }

  /** A register that only the host sets. */
  static void set(uint32_t& value, uint32_t address, uint32_t mask, const PinEvents& pins) {
    if (pins.reset) {
      value = 0;
    } else if (pins.written && (pins.address & ~3u) == address) {
      value = pins.data & mask;
    }
  }

  void forgetFrames() {
    errors = pending = cyclesHigh = 0;
    framesIn = framesOut = beatsIn = inputAt = cycles = framesInside = 0;
    for (size_t i = 0; i < OUTPUT_COUNT; i++) beatsOut[i] = outputAt[i] = ahead[i] = 0;
    sinceLeft = frameCycles = sinceBegan = latencyCycles = 0;
    anyLeft = timing = latchesHigh = false;
    events = Events();
  }

  void count(const PinEvents& pins) {
    clearFlags(pins);
    if (events.early) errors |= 1;
    if (events.missing) errors |= 2;
    if (events.left) pending |= 1;
    if (latchesHigh) cyclesHigh = static_cast<uint32_t>(cycles >> 32);
    latchesHigh = false;
    if (control & RUN) cycles++;
    measure(events.began, events.left);
    beatsIn += events.inputFired;
    for (size_t i = 0; i < OUTPUT_COUNT; i++) beatsOut[i] += events.outputFired[i];
    framesIn += events.entered;
    framesOut += events.left;
    framesInside += events.began;
    framesInside -= events.left;
    observe(pins);
  }

  void observe(const PinEvents& pins) {
    events.inputFired = pins.inputFired;
    events.began = pins.inputFired && inputAt == 0;
    events.entered = pins.inputFired && inputAt + 1 == facts.inputBeats;
    events.left = observeOutputs(pins);
    events.early = pins.inputFired && pins.inputLast && !events.entered;
    events.missing = events.entered && !pins.inputLast;
    if (pins.inputFired) inputAt = events.entered ? 0 : inputAt + 1;
  }

  /** Whether a frame leaves, because the last output that it was waiting for ends. */
  bool observeOutputs(const PinEvents& pins) {
    bool left = true;
    for (size_t i = 0; i < OUTPUT_COUNT; i++) {
      events.outputFired[i] = pins.outputFired[i];
      bool ends = pins.outputFired[i] && lastIsDue(i);
      if (pins.outputFired[i]) outputAt[i] = ends ? 0 : outputAt[i] + 1;
      ahead[i] += ends;
      left = left && ahead[i] > 0;
    }
    for (size_t i = 0; left && i < OUTPUT_COUNT; i++) ahead[i]--;
    return left;
  }

  void clearFlags(const PinEvents& pins) {
    if (!pins.written) return;
    if ((pins.address & ~3u) == REGISTER_error) errors &= ~pins.data;
    if ((pins.address & ~3u) == REGISTER_interruptPending) pending &= ~pins.data;
  }

  void measure(bool began, bool left) {
    if (left && anyLeft) frameCycles = sinceLeft;
    if (left && timing) latencyCycles = sinceBegan;
    sinceLeft = left ? 1 : sinceLeft + 1;
    sinceBegan = began && framesInside == 0 ? 1 : sinceBegan + 1;
    timing = began && framesInside == 0 ? true : timing && !left;
    anyLeft = anyLeft || left;
  }
};

/**
 * The memory outside, as ExternalMemory.java says it; besides, it may be busy at random, and answer
 * with errors. It checks the master's side of AXI4: Arm IHI 0022, A3.
 */
class ReadMemory {
 public:
  uint32_t latency = 1;
  uint32_t cyclesPerBeat = 1;
  uint32_t refreshBeats = 1;
  uint32_t refreshCycles = 0;
  uint64_t base = 0;
  Bytes data;
  bool fails = false;
  uint64_t beats = 0;  // given since the start

  void stalls(uint32_t threshold, uint64_t seed) { busy = HostStalls(threshold, MOST_BUSY, seed); }

  void reset() {
    bursts.clear();
    offered = false;
    held = false;
    next = 0;
    given = 0;
  }

#ifdef HAS_M_AXI_ARVALID
  void drive(Vdut& dut, uint64_t cycle) {
    dut.m_axi_arready = !busy.hit();
    if (!offered) offered = !bursts.empty() && isDue(cycle) && !busy.hit();
    dut.m_axi_rvalid = offered;
    if (!offered) return;
    const Burst& burst = bursts.front();
    store(dut.m_axi_rdata, data.data() + burst.at, BEAT_BYTES);
    dut.m_axi_rresp = fails ? SLVERR : 0;
    dut.m_axi_rlast = burst.beats == 1;
  }

  void sample(const Vdut& dut, uint64_t cycle) {
    if (held && !(dut.m_axi_arvalid && dut.m_axi_araddr == heldAddress)) {
      throw Failure{PROTOCOL, "m_axi_arvalid fell, or m_axi_araddr changed, before it was taken"};
    }
    held = dut.m_axi_arvalid && !dut.m_axi_arready;
    heldAddress = dut.m_axi_araddr;
    if (dut.m_axi_arvalid && dut.m_axi_arready) accept(dut, cycle);
    if (offered && dut.m_axi_rready) give(cycle);
  }

 private:
  struct Burst {
    uint64_t at;
    uint32_t beats;
    uint64_t soonest;
  };

  static constexpr uint32_t PAGE = 4096;
  static constexpr uint32_t INCREMENTING = 1;

  bool isDue(uint64_t cycle) const { return cycle >= next && cycle >= bursts.front().soonest; }

  void accept(const Vdut& dut, uint64_t cycle) {
    uint64_t at = dut.m_axi_araddr;
    uint32_t count = dut.m_axi_arlen + 1u;
    uint64_t bytes = uint64_t{count} * BEAT_BYTES;
    if (1u << dut.m_axi_arsize != BEAT_BYTES || dut.m_axi_arburst != INCREMENTING ||
        at % BEAT_BYTES != 0) {
      throw Failure{PROTOCOL, "a burst that is not of whole beats one after the other"};
    }
    if (at / PAGE != (at + bytes - 1) / PAGE) {
      throw Failure{PROTOCOL, "a burst over a multiple of 4096"};
    }
    if (at < base || at + bytes > base + data.size()) {
      throw Failure{PROTOCOL, "a burst outside of the words: " + std::to_string(count) +
                                  " beats at " + std::to_string(at)};
    }
    bursts.push_back({at - base, count, cycle + latency});
  }

  void give(uint64_t cycle) {
    offered = false;
    beats++;
    given++;
    next = cycle + cyclesPerBeat + (given % refreshBeats == 0 ? refreshCycles : 0);
    Burst& burst = bursts.front();
    burst.at += BEAT_BYTES;
    if (--burst.beats == 0) bursts.pop_front();
  }
#else
  void drive(Vdut&, uint64_t) {}
  void sample(const Vdut&, uint64_t) {}

 private:
  struct Burst {};
#endif
  static constexpr uint32_t SLVERR = 2;
  static constexpr uint32_t MOST_BUSY = 8;

  HostStalls busy{0, 1, 3};
  std::deque<Burst> bursts;
  bool offered = false;
  bool held = false;
  uint64_t heldAddress = 0;
  uint64_t next = 0;
  uint64_t given = 0;
};

/** An output, and the host that takes its beats. */
struct OutputPort {
  const char* name;
  size_t bytes;
  const void* data;
  const CData* valid;
  CData* ready;
  const CData* last;

  HostStalls stalls{0, 1, 2};
  uint64_t wanted = 0;  // beats that the sink still accepts
  Bytes received;
  Bytes receivedLast;
  uint64_t delivered = 0;
  bool fired = false;
  bool firedLast = false;
  std::vector<uint64_t> cycles;  // of each beat, if timed
  bool held = false;
  bool heldLast = false;
  Bytes heldData;

  std::string pin(const char* which) const { return std::string(name) + "_" + which; }

  size_t count() const { return receivedLast.size(); }

  void forget() {
    received.clear();
    receivedLast.clear();
    wanted = 0;
    held = false;
  }

  /** The first beats that came, which are then no more there. */
  void remove(size_t beats) {
    received.erase(received.begin(), received.begin() + beats * bytes);
    receivedLast.erase(receivedLast.begin(), receivedLast.begin() + beats);
  }

  void drive() { *ready = wanted > 0 && !stalls.hit(); }

  /** What happens in a cycle. */
  void sample(bool checking, bool timed, uint64_t cycle) {
    fired = *ready && *valid;
    if (checking && held) check();
    if (fired) take();
    if (fired && timed) cycles.push_back(cycle);
    held = *valid && !fired;
    if (held) {
      heldData.resize(bytes);
      memcpy(heldData.data(), data, bytes);
      heldLast = *last;
    }
  }

 private:
  void take() {
    size_t at = received.size();
    received.resize(at + bytes);
    memcpy(received.data() + at, data, bytes);
    firedLast = *last;
    receivedLast.push_back(firedLast);
    delivered++;
    if (wanted != UINT64_MAX) wanted--;
  }

  void check() const {
    if (!*valid) throw Failure{PROTOCOL, pin("tvalid") + " fell before the beat was taken"};
    if (memcmp(data, heldData.data(), bytes) != 0) {
      throw Failure{PROTOCOL, pin("tdata") + " changed before the beat was taken"};
    }
    if (heldLast != static_cast<bool>(*last)) {
      throw Failure{PROTOCOL, pin("tlast") + " changed before the beat was taken"};
    }
  }
};

class Simulation {
 public:
  Simulation() : inputStalls(0, 1, 1) {
    context.randReset(2);
    context.randSeed(1);
#ifdef ETCH_TRACE
    context.traceEverOn(true);
#endif
    dut = std::make_unique<Vdut>(&context, "TOP");
    outputs = {OUTPUTS(dut)};
    dut->aclk = 0;
    dut->aresetn = 0;
    idle();
    initialize();
  }

  ~Simulation() {
    traceStop();
    dut->final();
  }

  uint64_t cycle = 0;
  std::deque<Segment> pending;
  std::vector<OutputPort> outputs;
  uint64_t acceptedBeats = 0;
  uint64_t lastActivity = 0;
  bool inputFired = false;
  bool checking = true;
  LiteDelays liteDelays;

  RegisterModel registers;
  ReadMemory memory;

  /** Empty unless the queues are observed. */
  std::vector<QueueDigest> queues;

  /** Whether the cycles of beats are kept, and those of the beats that went in and came out. */
  bool timed = false;
  std::vector<uint64_t> inputCycles;

  void observeQueues(bool withTimes) {
    timed = withTimes;
    inputCycles.clear();
    for (OutputPort& output : outputs) output.cycles.clear();
    queues.clear();
#ifdef QUEUES
    queues = {QUEUES(dut->rootp)};
#endif
    for (QueueDigest& queue : queues) queue.timed = timed;
  }

  /** Verilator looks for what depends on a signal after the clock's edges, and not when it is set. */
  void settle() { Vdut___024root___eval_settle(dut->rootp); }

  /** The registers at the ends of arithmetic pipelines. */
  std::vector<Field> arithmetic() const {
#ifdef ARITHMETIC
    return {ARITHMETIC(dut->rootp)};
#else
    return {};
#endif
  }

  /** Writes a register of the design from outside; false if the design has none of this name. */
  bool deposit(const std::string& name, uint64_t value) {
#ifdef DEPOSITS
    struct Place {
      const char* name;
      void* at;
      size_t bytes;
    };
    const Place places[] = {DEPOSITS(dut->rootp)};
    for (const Place& place : places) {
      if (name == place.name) {
        memcpy(place.at, &value, place.bytes);
        settle();
        registers.deposit(name, value);
        return true;
      }
    }
#endif
    return false;
  }

  void stalls(uint32_t input, uint32_t output, uint32_t burst, uint64_t seed) {
    inputStalls = HostStalls(input, burst, 2 * seed);
    for (size_t i = 0; i < outputs.size(); i++) {
      outputs[i].stalls = HostStalls(output, burst, 2 * seed + 1 + i * PORT_SEEDS);
    }
  }

  /** Of the outputs only some stall: those whose bits are set. */
  void stallOnly(uint32_t mask) {
    for (size_t i = 0; i < outputs.size(); i++) {
      if (!(mask >> i & 1)) outputs[i].stalls = HostStalls(0, 1, 2);
    }
  }

  void want(uint64_t beats) {
    for (OutputPort& output : outputs) output.wanted = beats;
  }

  uint64_t deliveredBeats() const {
    uint64_t sum = 0;
    for (const OutputPort& output : outputs) sum += output.delivered;
    return sum;
  }

  /** Queues of the design are not ready in so many of 65536 cycles, nor is the memory outside. */
  void stallInside(uint32_t threshold, uint64_t seed) {
    memory.stalls(threshold << 16, seed);
#ifdef STALLS
    struct Place {
      uint16_t* threshold;
      uint32_t* random;
    };
    const Place places[] = {STALLS(dut->rootp)};
    Random random(seed);
    for (const Place& place : places) {
      *place.threshold = static_cast<uint16_t>(threshold);
      *place.random = random.next();
    }
    settle();
#endif
  }

  /** Holds aresetn low; beats not yet accepted and beats not yet collected are forgotten. */
  void reset(uint32_t cycles) {
    dropInput();
    for (OutputPort& output : outputs) output.forget();
    heldResponse = false;
    lite = LiteAccess();
    reads = LiteReads();
    memory.reset();
    idle();
    dut->aresetn = 0;
    for (uint32_t i = 0; i < cycles; i++) {
      lowPhase();
      for (const OutputPort& output : outputs) {
        if (i >= RESET_DELAY && *output.valid) {
          throw Failure{PROTOCOL, output.pin("tvalid") + " is high while aresetn is low"};
        }
      }
      PinEvents pins;
      pins.reset = true;
      registers.step(pins);
      highPhase();
    }
    dut->aresetn = 1;
    acceptedBeats = 0;
    for (OutputPort& output : outputs) output.delivered = 0;
    lastActivity = cycle;
  }

  /** The source forgets what it has not sent, as a host does that resets the core. */
  void dropInput() {
    pending.clear();
    offered = false;
  }

  /** One clock cycle. */
  void tick() {
    driveInput();
    for (OutputPort& output : outputs) output.drive();
    driveLite();
    memory.drive(*dut, cycle);
    lowPhase();
    memory.sample(*dut, cycle);
    inputFired = offered && dut->s_axis_tready;
    PinEvents pins;
    bool active = inputFired;
    for (size_t i = 0; i < OUTPUT_COUNT; i++) {
      outputs[i].sample(checking, timed, cycle);
      pins.outputFired[i] = outputs[i].fired;
      active = active || outputs[i].fired;
    }
    if (inputFired && timed) inputCycles.push_back(cycle);
    checkRegisters();
    sampleLite(pins);
    for (QueueDigest& queue : queues) queue.sample(cycle);
    pins.inputFired = inputFired;
    pins.inputLast = dut->s_axis_tlast;
    registers.step(pins);
    highPhase();
    if (inputFired) advanceInput();
    if (active) lastActivity = cycle;
  }

  void beginLite(bool isWrite, uint32_t address, uint32_t data) {
    lite = LiteAccess();
    lite.active = true;
    lite.isWrite = isWrite;
    lite.address = address;
    lite.data = data;
  }

  const LiteAccess& access() const { return lite; }

  LiteReads reads;

  bool interrupt() const {
#ifdef HAS_INTERRUPT
    return dut->HAS_INTERRUPT;
#else
    return false;
#endif
  }

  std::string state() const {
    std::string text =
        "at cycle " + std::to_string(cycle) + ": " + std::to_string(acceptedBeats) +
        " beats went in, " + std::to_string(deliveredBeats()) + " came out; s_axis_tvalid " +
        std::to_string(dut->s_axis_tvalid) + ", s_axis_tready " +
        std::to_string(dut->s_axis_tready);
    for (const OutputPort& output : outputs) {
      text += ", " + output.pin("tvalid") + " " + std::to_string(*output.valid) + ", " +
              output.pin("tready") + " " + std::to_string(*output.ready);
    }
    return text;
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
  /** Between the seeds of the stalls of two outputs: far more than runs are apart. */
  static constexpr uint64_t PORT_SEEDS = 1000003;

  HostStalls inputStalls;
  bool offered = false;  // tvalid is up and must stay so until accepted
  LiteAccess lite;
  bool heldResponse = false;
  uint8_t heldCode = 0;
  uint32_t heldWord = 0;
#ifdef ETCH_TRACE
  std::unique_ptr<VerilatedVcdC> trace;
  std::string traceFile;
  uint64_t traceFirst = 0;
  uint64_t traceLast = 0;
#endif

  void idle() {
    dut->s_axis_tvalid = 0;
    dut->s_axis_tlast = 0;
    for (OutputPort& output : outputs) *output.ready = 0;
    dut->s_axi_awvalid = 0;
    dut->s_axi_wvalid = 0;
    dut->s_axi_bready = 0;
    dut->s_axi_arvalid = 0;
    dut->s_axi_rready = 0;
#ifdef HAS_M_AXI_ARVALID
    dut->m_axi_arready = 0;
    dut->m_axi_rvalid = 0;
#endif
#ifdef HAS_S_AXI_AWPROT
    dut->s_axi_awprot = 0;
#endif
#ifdef HAS_S_AXI_ARPROT
    dut->s_axi_arprot = 0;
#endif
  }

  /** Runs the initial blocks in this program's folder, where the files with the contents of memories are. */
  void initialize() {
    namespace files = std::filesystem;
    files::path caller = files::current_path();
    files::current_path(files::read_symlink("/proc/self/exe").parent_path());
    dut->eval();
    files::current_path(caller);
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
    if (!offered && !pending.empty() && !inputStalls.hit()) {
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

  void driveLite() {
    if (reads.busy()) {
      driveReads();
      return;
    }
    bool busy = lite.active && !lite.finished;
    bool address = busy && !lite.addressDone && lite.age >= liteDelays.address;
    dut->s_axi_awvalid = address && lite.isWrite;
    dut->s_axi_arvalid = address && !lite.isWrite;
    dut->s_axi_wvalid = busy && lite.isWrite && !lite.dataDone && lite.age >= liteDelays.data;
    bool ready = busy && lite.age >= liteDelays.response;
    dut->s_axi_bready = ready && lite.isWrite;
    dut->s_axi_rready = ready && !lite.isWrite;
    if (!busy) return;
    lite.age++;
    // What is not valid yet is not to be read: it holds the complement.
    uint32_t other = address ? lite.address : ~lite.address;
    dut->s_axi_awaddr = other & 0xff;
    dut->s_axi_araddr = other & 0xff;
    dut->s_axi_wdata = dut->s_axi_wvalid ? lite.data : ~lite.data;
    dut->s_axi_wstrb = 15;
  }

  void driveReads() {
    dut->s_axi_awvalid = dut->s_axi_wvalid = dut->s_axi_bready = 0;
    dut->s_axi_arvalid = reads.asked < reads.addresses.size();
    dut->s_axi_araddr = (dut->s_axi_arvalid ? reads.addresses[reads.asked] : ~0u) & 0xff;
    dut->s_axi_rready = reads.age++ >= reads.hold;
  }

  /** Answers come in the order of the addresses, each after its own. */
  void sampleReads() {
    if (checking && dut->s_axi_bvalid) {
      throw Failure{PROTOCOL, "s_axi_bvalid is high without a write"};
    }
    if (dut->s_axi_rvalid && reads.words.size() >= reads.asked) {
      throw Failure{PROTOCOL, "s_axi_rvalid before the address was taken"};
    }
    if (dut->s_axi_arvalid && dut->s_axi_arready) reads.asked++;
    holdResponse(dut->s_axi_rvalid, dut->s_axi_rready, dut->s_axi_rresp, dut->s_axi_rdata);
    if (dut->s_axi_rvalid && dut->s_axi_rready) {
      reads.responses.push_back(dut->s_axi_rresp);
      reads.words.push_back(dut->s_axi_rdata);
    }
  }

  /** What the model of the registers knows about the other pins. */
  void checkRegisters() {
    if (!registers.on || !checking) return;
    for (size_t i = 0; i < OUTPUT_COUNT; i++) {
      const OutputPort& output = outputs[i];
      if (*output.valid && !registers.isFrameInside()) {
        throw Failure{PROTOCOL, output.pin("tvalid") + " is high though no frame is inside"};
      }
      if (*output.valid && static_cast<bool>(*output.last) != registers.lastIsDue(i)) {
        throw Failure{PROTOCOL, output.pin("tlast") + " is " + std::to_string(*output.last) +
                                    " at the wrong beat of a frame"};
      }
    }
    if (dut->s_axis_tready && registers.isHeld()) {
      throw Failure{PROTOCOL, "s_axis_tready is high though no frame may begin"};
    }
    if (interrupt() != registers.interrupt()) {
      throw Failure{REGISTER, std::string("the interrupt line is ") +
                                  (interrupt() ? "high" : "low") + " and should not be"};
    }
  }

  void checkAnswer(bool isWrite, uint8_t code, uint32_t word) {
    if (!registers.on) return;
    std::string access = std::string(isWrite ? "write to" : "read of") + " register " +
                         RegisterModel::name(lite.address);
    uint8_t wanted = registers.isKnown(lite.address) ? 0 : 2;
    if (code != wanted) {
      throw Failure{REGISTER, "the " + access + " answers with response " + std::to_string(code) +
                                  " instead of " + std::to_string(wanted)};
    }
    bool predicted = registers.isPredicted(lite.address);
    if (!isWrite && wanted == 0 && predicted && word != lite.wanted) {
      throw Failure{REGISTER, "the " + access + " gives " + std::to_string(word) +
                                  " instead of " + std::to_string(lite.wanted)};
    }
  }

  void sampleLite(PinEvents& pins) {
    if (reads.busy()) {
      sampleReads();
      return;
    }
    bool busy = lite.active && !lite.finished;
    if (checking && dut->s_axi_bvalid && !(busy && lite.isWrite)) {
      throw Failure{PROTOCOL, "s_axi_bvalid is high without a write"};
    }
    if (checking && dut->s_axi_rvalid && !(busy && !lite.isWrite)) {
      throw Failure{PROTOCOL, "s_axi_rvalid is high without a read"};
    }
    if (!busy) return;
    if (lite.isWrite) {
      bool done = lite.addressDone && lite.dataDone;
      if (dut->s_axi_awvalid && dut->s_axi_awready) lite.addressDone = true;
      if (dut->s_axi_wvalid && dut->s_axi_wready) lite.dataDone = true;
      pins.written = !done && lite.addressDone && lite.dataDone;
      pins.address = lite.address;
      pins.data = lite.data;
      if (dut->s_axi_bvalid && (!lite.addressDone || !lite.dataDone)) {
        throw Failure{PROTOCOL, "s_axi_bvalid before the address and the data were taken"};
      }
      sampleResponse(dut->s_axi_bvalid, dut->s_axi_bready, dut->s_axi_bresp, lite.data);
    } else {
      if (dut->s_axi_rvalid && !lite.addressDone) {
        throw Failure{PROTOCOL, "s_axi_rvalid before the address was taken"};
      }
      // The value is taken over in the cycle after the one that takes the address.
      if (lite.addressDone && !lite.dataDone) {
        lite.wanted = registers.read(lite.address);
        lite.dataDone = true;
      }
      if (dut->s_axi_arvalid && dut->s_axi_arready) lite.addressDone = true;
      sampleResponse(dut->s_axi_rvalid, dut->s_axi_rready, dut->s_axi_rresp, dut->s_axi_rdata);
    }
  }

  void sampleResponse(bool valid, bool ready, uint8_t code, uint32_t word) {
    holdResponse(valid, ready, code, word);
    if (valid && ready) {
      checkAnswer(lite.isWrite, code, word);
      lite.finished = true;
      lite.response = code;
      lite.data = word;
    }
  }

  /** A response stays as it is until it is taken. */
  void holdResponse(bool valid, bool ready, uint8_t code, uint32_t word) {
    if (heldResponse && !valid) {
      throw Failure{PROTOCOL, "the response to a register access was withdrawn"};
    }
    if (heldResponse && (code != heldCode || word != heldWord)) {
      throw Failure{PROTOCOL, "the response to a register access changed before it was taken"};
    }
    heldResponse = valid && !ready;
    heldCode = code;
    heldWord = word;
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

/** Several reads on their way at once. */
void liteReads(Simulation& sim) {
  sim.reads = LiteReads();
  sim.reads.hold = read<uint32_t>();
  uint64_t limit = read<uint64_t>();
  sim.reads.addresses.resize(read<uint32_t>());
  for (uint32_t& address : sim.reads.addresses) address = read<uint32_t>();
  for (uint64_t i = 0; sim.reads.busy(); i++) {
    if (i == limit) {
      sim.reads = LiteReads();
      throw Failure{DEADLOCK, "no answers to register reads within " + std::to_string(limit) +
                                  " cycles, " + sim.state()};
    }
    sim.tick();
  }
  reply('A');
  for (size_t i = 0; i < sim.reads.words.size(); i++) {
    write<uint32_t>(sim.reads.responses[i]);
    write<uint32_t>(sim.reads.words[i]);
  }
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

/** Whether each output has so many beats. */
bool haveAll(const Simulation& sim, const std::vector<uint64_t>& beats) {
  for (size_t i = 0; i < OUTPUT_COUNT; i++) {
    if (sim.outputs[i].count() < beats[i]) return false;
  }
  return true;
}

std::vector<uint64_t> readBeats() {
  std::vector<uint64_t> beats(OUTPUT_COUNT);
  for (uint64_t& count : beats) count = read<uint64_t>();
  return beats;
}

void receive(Simulation& sim) {
  std::vector<uint64_t> beats = readBeats();
  uint64_t limit = read<uint64_t>();
  for (size_t i = 0; i < OUTPUT_COUNT; i++) {
    uint64_t have = sim.outputs[i].count();
    sim.outputs[i].wanted = have >= beats[i] ? 0 : beats[i] - have;
  }
  for (uint64_t i = 0; i < limit && !haveAll(sim, beats); i++) sim.tick();
  sim.want(0);
  reply('A');
  for (size_t i = 0; i < OUTPUT_COUNT; i++) {
    OutputPort& output = sim.outputs[i];
    size_t count = std::min<size_t>(beats[i], output.count());
    write<uint64_t>(count);
    writeBytes(output.received.data(), count * output.bytes);
    writeBytes(output.receivedLast.data(), count);
    output.remove(count);
  }
}

/** Runs until each output has so many beats, which are then forgotten; the sink takes whatever comes. */
void collect(Simulation& sim) {
  std::vector<uint64_t> beats = readBeats();
  uint64_t limit = read<uint64_t>();
  sim.want(UINT64_MAX);
  for (uint64_t i = 0; i < limit && !haveAll(sim, beats); i++) sim.tick();
  sim.want(0);
  bool complete = haveAll(sim, beats);
  for (size_t i = 0; complete && i < OUTPUT_COUNT; i++) sim.outputs[i].remove(beats[i]);
  reply('A');
  write<uint8_t>(complete);
}

/** Runs until every beat sent was accepted; the sink takes whatever comes. */
void flushInput(Simulation& sim) {
  uint64_t limit = read<uint64_t>();
  sim.want(UINT64_MAX);
  for (uint64_t i = 0; i < limit && !sim.pending.empty(); i++) sim.tick();
  sim.want(0);
  reply('A');
  write<uint8_t>(sim.pending.empty());
}

/** What is wrong with the beats that the outputs just gave. */
void checkFrames(const Simulation& sim, const std::vector<uint64_t>& beats, uint64_t done,
                 uint64_t begun) {
  for (size_t i = 0; i < OUTPUT_COUNT; i++) {
    const OutputPort& output = sim.outputs[i];
    if (!output.fired) continue;
    uint64_t frame = done + (output.count() - 1) / beats[i];
    uint64_t beat = (output.count() - 1) % beats[i];
    if (sim.checking && output.firedLast != (beat + 1 == beats[i])) {
      throw Failure{PROTOCOL, output.pin("tlast") + " is " + std::to_string(output.firedLast) +
                                  " at beat " + std::to_string(beat) + " of frame " +
                                  std::to_string(frame) + ", which has " +
                                  std::to_string(beats[i]) + " beats"};
    }
    if (frame >= begun) {
      throw Failure{PROTOCOL, "output beat before the first beat of frame " +
                                  std::to_string(frame) + " was taken"};
    }
  }
}

/** Frames back to back; each is replied as soon as the last beat of its last output is out. */
void frames(Simulation& sim) {
  uint64_t count = read<uint64_t>();
  uint64_t inputBeats = read<uint64_t>();
  std::vector<uint64_t> outputBeats = readBeats();
  uint64_t idleLimit = read<uint64_t>();
  uint64_t cycleLimit = read<uint64_t>();
  uint64_t begin = sim.cycle;
  uint64_t fed = 0;
  uint64_t done = 0;
  uint64_t beatsIn = 0;
  std::deque<uint64_t> starts;
  for (OutputPort& output : sim.outputs) output.remove(output.count());
  sim.want(UINT64_MAX);
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
    checkFrames(sim, outputBeats, done, done + starts.size());
    if (haveAll(sim, outputBeats)) {
      reply('F');
      write<uint64_t>(starts.front());
      write<uint64_t>(now);
      for (size_t i = 0; i < OUTPUT_COUNT; i++) {
        writeBytes(sim.outputs[i].received.data(), outputBeats[i] * sim.outputs[i].bytes);
        sim.outputs[i].remove(outputBeats[i]);
      }
      fflush(replies);
      starts.pop_front();
      done++;
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
  sim.want(0);
  reply('A');
  write<uint64_t>(sim.cycle - begin);
}

std::vector<Field> readFields(const std::vector<Field>& known) {
  std::vector<Field> fields;
  for (uint32_t left = read<uint32_t>(); left > 0; left--) {
    std::string name(read<uint32_t>(), '\0');
    readBytes(&name[0], name.size());
    uint32_t low = read<uint32_t>();
    uint32_t bits = read<uint32_t>();
    for (const Field& field : known) {
      if (name == field.name) fields.push_back({field.name, field.at, low, bits});
    }
  }
  return fields;
}

/** Sets registers in front of each cycle, and reads others behind it. */
void sweep(Simulation& sim) {
  std::vector<Field> set = readFields(sim.arithmetic());
  std::vector<Field> seen = readFields(sim.arithmetic());
  uint32_t cycles = read<uint32_t>();
  std::vector<uint64_t> values(size_t{cycles} * set.size());
  readBytes(values.data(), values.size() * sizeof(uint64_t));
  std::vector<uint64_t> results;
  const uint64_t* next = values.data();
  for (uint32_t i = 0; i < cycles; i++) {
    for (const Field& field : set) field.set(*next++);
    sim.settle();
    sim.tick();
    for (const Field& field : seen) results.push_back(field.get());
  }
  reply('A');
  writeBytes(results.data(), results.size() * sizeof(uint64_t));
}

void writeCycles(const std::vector<uint64_t>& cycles) {
  write<uint32_t>(static_cast<uint32_t>(cycles.size()));
  writeBytes(cycles.data(), cycles.size() * sizeof(uint64_t));
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
      sim.stalls(input, output, 1, read<uint64_t>());
      reply('A');
      break;
    }
    case 'N': {
      uint32_t input = read<uint32_t>();
      uint32_t output = read<uint32_t>();
      uint32_t burst = read<uint32_t>();
      sim.stalls(input, output, burst, read<uint64_t>());
      reply('A');
      break;
    }
    case 'J': {
      uint32_t threshold = read<uint32_t>();
      sim.stallInside(threshold, read<uint64_t>());
      reply('A');
      break;
    }
    case 'M':
      sim.memory.latency = read<uint32_t>();
      sim.memory.cyclesPerBeat = read<uint32_t>();
      sim.memory.refreshBeats = read<uint32_t>();
      sim.memory.refreshCycles = read<uint32_t>();
      sim.memory.base = read<uint64_t>();
      sim.memory.data.resize(read<uint32_t>());
      readBytes(sim.memory.data.data(), sim.memory.data.size());
      reply('A');
      break;
    case 'm':
      sim.memory.fails = read<uint8_t>() != 0;
      reply('A');
      write<uint64_t>(sim.memory.beats);
      break;
    case 'W':
      lite(sim, true);
      break;
    case 'G':
      lite(sim, false);
      break;
    case 'H':
      liteReads(sim);
      break;
    case 'I':
      send(sim);
      break;
    case 'O':
      receive(sim);
      break;
    case 'o':
      for (OutputPort& output : sim.outputs) output.wanted = read<uint64_t>();
      reply('A');
      break;
    case 'c':
      collect(sim);
      break;
    case 'u':
      sim.stallOnly(read<uint32_t>());
      reply('A');
      break;
    case 'U':
      flushInput(sim);
      break;
    case 'C':
      for (uint64_t n = read<uint64_t>(); n > 0; n--) sim.tick();
      reply('A');
      break;
    case 'L': {
      LiteDelays delays;
      delays.address = read<uint32_t>();
      delays.data = read<uint32_t>();
      delays.response = read<uint32_t>();
      sim.liteDelays = delays;
      reply('A');
      break;
    }
    case 'V':
      sim.registers.facts.inputBeats = read<uint64_t>();
      for (uint64_t& beats : sim.registers.facts.outputBeats) beats = read<uint64_t>();
      sim.registers.facts.hash = read<uint32_t>();
      sim.registers.facts.inputFormat = read<uint32_t>();
      for (uint32_t& format : sim.registers.facts.outputFormat) format = read<uint32_t>();
      sim.registers.facts.loadedWords = read<uint32_t>();
      sim.registers.facts.buffers = read<uint8_t>();
      sim.registers.facts.memory = read<uint8_t>() != 0;
      sim.registers.on = true;
      reply('A');
      break;
    case 'P': {
      uint64_t value = read<uint64_t>();
      std::string name(read<uint32_t>(), '\0');
      readBytes(&name[0], name.size());
      bool found = sim.deposit(name, value);
      reply('A');
      write<uint8_t>(found);
      break;
    }
    case 'Y':
      sim.observeQueues(false);
      reply('A');
      break;
    case 'E':
      sim.observeQueues(true);
      reply('A');
      break;
    case 'y':
      reply('A');
      write<uint32_t>(static_cast<uint32_t>(sim.queues.size()));
      for (const QueueDigest& queue : sim.queues) {
        writeText(queue.name);
        write<uint64_t>(queue.beats);
        write<uint64_t>(queue.hash);
      }
      break;
    case 'e':
      reply('A');
      write<uint32_t>(static_cast<uint32_t>(sim.queues.size()));
      for (const QueueDigest& queue : sim.queues) {
        writeText(queue.name);
        writeCycles(queue.cycles);
      }
      writeCycles(sim.inputCycles);
      write<uint32_t>(OUTPUT_COUNT);
      for (const OutputPort& output : sim.outputs) writeCycles(output.cycles);
      break;
    case 'z': {
      std::vector<Field> fields = sim.arithmetic();
      reply('A');
      write<uint32_t>(static_cast<uint32_t>(fields.size()));
      for (const Field& field : fields) writeText(field.name);
      break;
    }
    case 'Z':
      sweep(sim);
      break;
    case 'D':
      sim.dropInput();
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
      write<uint64_t>(sim.deliveredBeats());
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
  write<uint32_t>(OUTPUT_COUNT == 1 ? 1 : 2);
  write<uint32_t>(IN_BYTES);
  if (OUTPUT_COUNT > 1) write<uint32_t>(OUTPUT_COUNT);
  for (const OutputPort& output : sim.outputs) {
    write<uint32_t>(static_cast<uint32_t>(output.bytes));
    if (OUTPUT_COUNT > 1) writeText(output.name);
  }
  fflush(replies);
  for (int tag = getchar(); tag != EOF && tag != 'X'; tag = getchar()) {
    try {
      command(sim, static_cast<char>(tag));
    } catch (const Failure& failure) {
      reply('E');
      write<uint8_t>(failure.code);
      writeText(failure.code == PROTOCOL || failure.code == REGISTER
                    ? failure.text + ", in cycle " + std::to_string(sim.cycle)
                    : failure.text);
    }
    fflush(replies);
  }
  return 0;
}
