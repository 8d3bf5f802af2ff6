// SPDX-License-Identifier: Apache-2.0
// Hand-written accelerator with the ports of a generated one: adds `addend` (register 0x40, 1 after
// reset) to each byte, frames of 4 beats of 2 bytes. Register 0x0C is CONTROL of RegisterMap.java.
// Fault injection for tests of the testbench: register 0x44 bit 0 drops tvalid, bit 1 changes
// tdata, bit 2 misplaces tlast, bit 3 hangs.
module increment (
  input             aclk,
  input             aresetn,
  input      [15:0] s_axis_tdata,
  input             s_axis_tvalid,
  output            s_axis_tready,
  input             s_axis_tlast,
  output     [15:0] m_axis_tdata,
  output            m_axis_tvalid,
  input             m_axis_tready,
  output            m_axis_tlast,
  input      [7:0]  s_axi_awaddr,
  input      [2:0]  s_axi_awprot,
  input             s_axi_awvalid,
  output            s_axi_awready,
  input      [31:0] s_axi_wdata,
  input      [3:0]  s_axi_wstrb,
  input             s_axi_wvalid,
  output            s_axi_wready,
  output     [1:0]  s_axi_bresp,
  output reg        s_axi_bvalid,
  input             s_axi_bready,
  input      [7:0]  s_axi_araddr,
  input      [2:0]  s_axi_arprot,
  input             s_axi_arvalid,
  output            s_axi_arready,
  output reg [31:0] s_axi_rdata,
  output     [1:0]  s_axi_rresp,
  output reg        s_axi_rvalid,
  input             s_axi_rready,
  output reg        interrupt
);
  reg [7:0]  addend;
  reg [3:0]  fault;
  reg        run;
  reg [31:0] frames;

  wire       write = s_axi_awvalid && s_axi_wvalid && !s_axi_bvalid;
  wire       soft_reset = write && s_axi_awaddr == 8'h0c && s_axi_wdata[1];
  wire       clear = !aresetn || soft_reset;
  assign s_axi_awready = write;
  assign s_axi_wready  = write;
  assign s_axi_bresp   = 2'b00;
  assign s_axi_rresp   = 2'b00;
  assign s_axi_arready = !s_axi_rvalid;

  wire        pixels_valid;
  wire        pixels_taken;
  wire [15:0] pixels;
  queue queue_pixels (
    .clk(aclk), .clear(clear),
    .push_valid(s_axis_tvalid && run), .push_ready(has_space), .push_payload(s_axis_tdata),
    .pop_valid(pixels_valid), .pop_ready(pixels_taken), .pop_payload(pixels)
  );

  wire [7:0]  low_sum = pixels[7:0] + addend;
  wire [7:0]  high_sum = pixels[15:8] + addend;
  wire [15:0] head_payload;
  wire        head_valid;
  wire        has_space;
  assign s_axis_tready = has_space && run;
  queue queue_sums (
    .clk(aclk), .clear(clear),
    .push_valid(pixels_valid), .push_ready(pixels_taken), .push_payload({high_sum, low_sum}),
    .pop_valid(head_valid), .pop_ready(m_axis_tvalid && m_axis_tready), .pop_payload(head_payload)
  );

  reg [1:0]  beat;
  reg        waited;
  assign m_axis_tvalid = head_valid && !fault[3] && !(fault[0] && waited);
  assign m_axis_tdata  = head_payload ^ {15'b0, fault[1] && waited};
  assign m_axis_tlast  = beat == (fault[2] ? 2'd2 : 2'd3);

  always @(posedge aclk) begin
    waited <= m_axis_tvalid && !m_axis_tready;
    if (m_axis_tvalid && m_axis_tready) begin
      beat <= beat + 2'd1;
      if (beat == 2'd3) begin
        frames <= frames + 1;
        interrupt <= 1'b1;
      end
    end
    if (write) begin
      s_axi_bvalid <= 1'b1;
      if (s_axi_awaddr == 8'h0c) run <= s_axi_wdata[0];
      if (s_axi_awaddr == 8'h40) addend <= s_axi_wdata[7:0];
      if (s_axi_awaddr == 8'h44) fault <= s_axi_wdata[3:0];
    end
    if (s_axi_bready) s_axi_bvalid <= s_axi_bvalid ? 1'b0 : write;
    if (s_axi_arvalid && s_axi_arready) begin
      s_axi_rvalid <= 1'b1;
      s_axi_rdata <= s_axi_araddr == 8'h40 ? {24'b0, addend} : frames;
    end
    if (s_axi_rvalid && s_axi_rready) s_axi_rvalid <= 1'b0;
    if (clear) begin
      beat <= 2'd0;
      waited <= 1'b0;
      frames <= 32'd0;
      interrupt <= 1'b0;
    end
    if (!aresetn) begin
      addend <= 8'd1;
      fault <= 4'd0;
      run <= 1'b0;
      s_axi_bvalid <= 1'b0;
      s_axi_rvalid <= 1'b0;
    end
  end
endmodule

// Four beats deep, with registered flags.
module queue (
  input         clk,
  input         clear,
  input         push_valid,
  output        push_ready,
  input  [15:0] push_payload,
  output        pop_valid,
  input         pop_ready,
  output [15:0] pop_payload
);
  reg [15:0] memory [0:3];
  reg [2:0]  head;
  reg [2:0]  tail;
  wire [2:0] count = tail - head;
  assign push_ready  = count < 3'd4;
  assign pop_valid   = count != 3'd0;
  assign pop_payload = memory[head[1:0]];
  always @(posedge clk) begin
    if (push_valid && push_ready) begin
      memory[tail[1:0]] <= push_payload;
      tail <= tail + 3'd1;
    end
    if (pop_valid && pop_ready) head <= head + 3'd1;
    if (clear) begin
      head <= 3'd0;
      tail <= 3'd0;
    end
  end
endmodule
