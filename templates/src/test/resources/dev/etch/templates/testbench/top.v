// SPDX-License-Identifier: Apache-2.0
// A hand-written stand-in for a generated accelerator: frames of 4 beats of 16 bits pass a queue of
// one beat and come out with 1 added. FAULT selects what is wrong with it; faults of frame 1 begin
// with its second beat, because the count of frames is a beat late.
`ifndef FAULT
`define FAULT 0
`endif
module top (
  input             aclk,
  input             aresetn,
  input      [15:0] s_axis_tdata,
  input             s_axis_tvalid,
  output            s_axis_tready,
  input             s_axis_tlast,
  output reg [15:0] m_axis_tdata,
  output reg        m_axis_tvalid,
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
  output            interrupt
);
  reg run;
  reg error;
  reg [1:0] beat_in;
  reg [1:0] beat_out;
  reg [31:0] frames_out;
  wire write = s_axi_awvalid && s_axi_wvalid && !s_axi_bvalid;
  wire push = s_axis_tvalid && s_axis_tready;
  wire pop = m_axis_tvalid && m_axis_tready;
  assign s_axi_awready = write;
  assign s_axi_wready = write;
  assign s_axi_bresp = 2'b00;
  assign s_axi_rresp = 2'b00;
  assign s_axi_arready = !s_axi_rvalid;
  assign interrupt = 1'b0;
  assign s_axis_tready = run && (!m_axis_tvalid || m_axis_tready)
      && !(`FAULT == 3 && frames_out == 1);
  assign m_axis_tlast = beat_out == (`FAULT == 2 ? 2 : 3);

  always @(posedge aclk) begin
    if (!aresetn) begin
      run <= 0;
      error <= 0;
      beat_in <= 0;
      beat_out <= 0;
      frames_out <= 0;
      m_axis_tvalid <= 0;
      s_axi_bvalid <= 0;
      s_axi_rvalid <= 0;
    end else begin
      if (write && s_axi_awaddr == 8'h0c) run <= s_axi_wdata[0];
      if (write) s_axi_bvalid <= 1;
      else if (s_axi_bready) s_axi_bvalid <= 0;
      if (s_axi_arvalid && s_axi_arready) begin
        s_axi_rvalid <= 1;
        case (s_axi_araddr)
          8'h00: s_axi_rdata <= `FAULT == 4 ? 32'hdeadbeef : 32'h45544348;
          8'h08: s_axi_rdata <= 32'h8badf00d;
          8'h14: s_axi_rdata <= {31'b0, error};
          8'h20: s_axi_rdata <= frames_out;
          default: s_axi_rdata <= 0;
        endcase
      end else if (s_axi_rready) s_axi_rvalid <= 0;
      if (push) begin
        beat_in <= beat_in + 1;
        if (s_axis_tlast != (beat_in == 3)) error <= 1;
        m_axis_tdata <= s_axis_tdata + (`FAULT == 1 && frames_out == 1 ? 16'd2 : 16'd1);
      end
      m_axis_tvalid <= push || (m_axis_tvalid && !pop);
      if (pop) begin
        beat_out <= beat_out + 1;
        if (beat_out == 3) frames_out <= frames_out + 1;
      end
    end
  end
endmodule
