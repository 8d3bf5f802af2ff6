// SPDX-License-Identifier: Apache-2.0
// Feeds beats from a file to the accelerator `TOP, with random stalls, and prints every handshake.
module bench;
  reg aclk = 0;
  reg aresetn = 0;
  always #5 aclk = !aclk;

  reg [`IN_BITS-1:0] beats [0:`IN_BEATS-1];
  reg [`IN_BITS-1:0] s_axis_tdata;
  reg s_axis_tvalid = 0;
  wire s_axis_tready;
  reg s_axis_tlast = 0;
  wire [`OUT_BITS-1:0] m_axis_tdata;
  wire m_axis_tvalid;
  reg m_axis_tready = 0;
  wire m_axis_tlast;
  reg [7:0] awaddr = 0;
  reg awvalid = 0;
  wire awready;
  reg [31:0] wdata = 0;
  reg wvalid = 0;
  wire wready;
  wire [1:0] bresp;
  wire bvalid;
  reg [7:0] araddr = 0;
  reg arvalid = 0;
  wire arready;
  wire [31:0] rdata;
  wire [1:0] rresp;
  wire rvalid;
  wire interrupt;

  `TOP top (
    .aclk(aclk), .aresetn(aresetn),
    .s_axis_tdata(s_axis_tdata), .s_axis_tvalid(s_axis_tvalid),
    .s_axis_tready(s_axis_tready), .s_axis_tlast(s_axis_tlast),
    .m_axis_tdata(m_axis_tdata), .m_axis_tvalid(m_axis_tvalid),
    .m_axis_tready(m_axis_tready), .m_axis_tlast(m_axis_tlast),
    .s_axi_awaddr(awaddr), .s_axi_awprot(3'b0), .s_axi_awvalid(awvalid), .s_axi_awready(awready),
    .s_axi_wdata(wdata), .s_axi_wstrb(4'hf), .s_axi_wvalid(wvalid), .s_axi_wready(wready),
    .s_axi_bresp(bresp), .s_axi_bvalid(bvalid), .s_axi_bready(1'b1),
    .s_axi_araddr(araddr), .s_axi_arprot(3'b0), .s_axi_arvalid(arvalid), .s_axi_arready(arready),
    .s_axi_rdata(rdata), .s_axi_rresp(rresp), .s_axi_rvalid(rvalid), .s_axi_rready(1'b1),
    .interrupt(interrupt)
  );

  integer cycle = 0;
  integer fed = 0;
  integer got = 0;
  integer seed = `SEED;
  reg streaming = 0;
  reg armed = `RESET_AFTER > 0;

  task write(input [7:0] address, input [31:0] data);
    begin
      @(negedge aclk);
      awaddr = address; wdata = data; awvalid = 1; wvalid = 1;
      while (!(bvalid)) begin
        @(posedge aclk);
        #1;
        if (bvalid) begin awvalid = 0; wvalid = 0; end
      end
      @(posedge aclk);
      #1;
    end
  endtask

  task read(input [7:0] address);
    begin
      @(negedge aclk);
      araddr = address; arvalid = 1;
      while (!rvalid) begin
        @(posedge aclk);
        #1;
        if (rvalid) arvalid = 0;
      end
      $display("R %0d %0d %0d", address, rdata, rresp);
      @(posedge aclk);
      #1;
    end
  endtask

  wire taken = s_axis_tvalid && s_axis_tready;
  wire [31:0] next = fed + taken;

  always @(posedge aclk) begin
    cycle <= cycle + 1;
    if (taken) $display("I %0d", cycle);
    if (m_axis_tvalid && m_axis_tready) begin
      $display("O %0d %h %b", cycle, m_axis_tdata, m_axis_tlast);
      got <= got + 1;
    end
    fed <= next;
    if (!s_axis_tvalid || s_axis_tready) begin
      s_axis_tvalid <= streaming && next < `IN_BEATS && $dist_uniform(seed, 0, 99) >= `STALL_IN;
      s_axis_tdata <= beats[next];
      s_axis_tlast <= (next + 1 + `LAST_SHIFT) % `IN_FRAME == 0;
    end
    m_axis_tready <= $dist_uniform(seed, 0, 99) >= `STALL_OUT;
  end

  integer i;
  initial begin
    $readmemh("input.hex", beats);
    repeat (4) @(posedge aclk);
    #1 aresetn = 1;
    repeat (2) @(posedge aclk);
    write(8'h0c, 32'h1);
    streaming = 1;
    if (armed) begin
      wait (fed >= `RESET_AFTER);
      streaming = 0;
      wait (!s_axis_tvalid);
      write(8'h0c, 32'h3);
      repeat (4) @(posedge aclk);
      #1 fed = 0; got = 0;
      $display("S 0");
      streaming = 1;
    end
    for (i = 0; i < `TIMEOUT && got < `OUT_BEATS; i = i + 1) @(posedge aclk);
    repeat (4) @(posedge aclk);
    streaming = 0;
    for (i = 0; i <= 8'h4c; i = i + 4) read(i);
    $finish;
  end
endmodule
