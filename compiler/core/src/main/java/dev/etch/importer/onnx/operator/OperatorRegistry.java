// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Every operator that the importer reads: the one list to extend. */
public final class OperatorRegistry {
  /** The domain of ONNX itself. */
  public static final String ONNX = "";

  /** The domain of ONNX Runtime's own operators. */
  public static final String MICROSOFT = "com.microsoft";

  /** Domains of QONNX's quantizers: its own, FINN's before that, and Brevitas's exporter's. */
  public static final List<String> QONNX =
      List.of("finn", "finn.custom_op.general", "onnx.brevitas", "qonnx.custom_op.general");

  private static final List<Entry> ENTRIES =
      entries(
          onnx("Add", new AddReader()),
          onnx("ArgMax", new ArgMaxReader()),
          onnx("AveragePool", new AveragePoolReader()),
          onnx("BatchNormalization", new BatchNormalizationReader()),
          onnx("Cast", new CastReader()),
          onnx("Clip", new ClipReader()),
          onnx("Concat", new ConcatReader()),
          onnx("Constant", new ConstantReader()),
          onnx("Conv", new ConvReader()),
          onnx("ConvInteger", new ConvIntegerReader()),
          onnx("ConvTranspose", new ConvTransposeReader()),
          onnx("DepthToSpace", new DepthToSpaceReader()),
          onnx("DequantizeLinear", new DequantizeLinearReader()),
          onnx("Div", new DivReader()),
          onnx("Dropout", new DropoutReader()),
          onnx("Elu", new EluReader()),
          onnx("Flatten", new FlattenReader()),
          onnx("Gather", new GatherReader()),
          onnx("Gelu", new GeluReader()),
          onnx("Gemm", new GemmReader()),
          onnx("GlobalAveragePool", new GlobalAveragePoolReader()),
          onnx("GlobalMaxPool", new GlobalMaxPoolReader()),
          onnx("HardSigmoid", new HardSigmoidReader()),
          onnx("HardSwish", new HardSwishReader()),
          onnx("Identity", new IdentityReader()),
          onnx("LeakyRelu", new LeakyReluReader()),
          onnx("LogSoftmax", new SoftmaxReader(true)),
          onnx("MatMul", new MatMulReader()),
          onnx("MatMulInteger", new MatMulIntegerReader()),
          onnx("Max", new ExtremumReader(false)),
          onnx("MaxPool", new MaxPoolReader()),
          onnx("Min", new ExtremumReader(true)),
          onnx("Mish", new MishReader()),
          onnx("Mul", new MulReader()),
          onnx("PRelu", new PReluReader()),
          onnx("Pad", new PadReader()),
          onnx("Pow", new PowReader()),
          onnx("QLinearConv", new QLinearConvReader()),
          onnx("QLinearMatMul", new QLinearMatMulReader()),
          onnx("QuantizeLinear", new QuantizeLinearReader()),
          onnx("ReduceMax", new ReduceMaxReader()),
          onnx("ReduceMean", new ReduceMeanReader()),
          onnx("Relu", new ReluReader()),
          onnx("Reshape", new ReshapeReader()),
          onnx("Resize", new ResizeReader()),
          onnx("Shape", new ShapeReader()),
          onnx("Sigmoid", new SigmoidReader()),
          onnx("Sign", new SignReader()),
          onnx("Slice", new SliceReader()),
          onnx("Softmax", new SoftmaxReader(false)),
          onnx("Softplus", new SoftplusReader()),
          onnx("SpaceToDepth", new SpaceToDepthReader()),
          onnx("Split", new SplitReader()),
          onnx("Squeeze", new SqueezeReader()),
          onnx("Sub", new SubReader()),
          onnx("Tanh", new TanhReader()),
          onnx("Transpose", new TransposeReader()),
          onnx("Unsqueeze", new UnsqueezeReader()),
          microsoft("DequantizeLinear", new DequantizeLinearReader()),
          microsoft("QGemm", new QGemmReader()),
          microsoft("QLinearAdd", new QLinearAddReader()),
          microsoft("QLinearAveragePool", new QLinearAveragePoolReader()),
          microsoft("QLinearConcat", new QLinearConcatReader()),
          microsoft("QLinearGlobalAveragePool", new QLinearGlobalAveragePoolReader()),
          microsoft("QLinearLeakyRelu", new QLinearLeakyReluReader()),
          microsoft("QLinearMul", new QLinearMulReader()),
          microsoft("QLinearSigmoid", new QLinearSigmoidReader()),
          microsoft("QLinearSoftmax", new QLinearSoftmaxReader()),
          microsoft("QuantizeLinear", new QuantizeLinearReader()));

  private static final Map<List<String>, OperatorReader> READERS =
      ENTRIES.stream()
          .collect(Collectors.toUnmodifiableMap(e -> List.of(e.domain, e.operator), Entry::reader));

  private OperatorRegistry() {}

  /**
   * One operator.
   *
   * @param domain {@link #ONNX}, {@link #MICROSOFT} or one of {@link #QONNX}
   * @param operator as the domain spells it
   * @param reader reads its nodes
   */
  public record Entry(String domain, String operator, OperatorReader reader) {}

  /** All operators, by domain and name. */
  public static List<Entry> entries() {
    return ENTRIES;
  }

  /** The reader for an operator, if there is one. */
  public static Optional<OperatorReader> find(String domain, String operator) {
    return Optional.ofNullable(READERS.get(List.of(domain, operator)));
  }

  private static Entry onnx(String operator, OperatorReader reader) {
    return new Entry(ONNX, operator, reader);
  }

  /** The given entries, then QONNX's operators in each of their domains. */
  private static List<Entry> entries(Entry... others) {
    List<Entry> entries = new ArrayList<>(List.of(others));
    for (String domain : QONNX) {
      entries.add(new Entry(domain, "BipolarQuant", new BipolarQuantReader()));
      entries.add(new Entry(domain, "IntQuant", new QuantReader()));
      entries.add(new Entry(domain, "Quant", new QuantReader()));
      entries.add(new Entry(domain, "Trunc", new TruncReader()));
    }
    return List.copyOf(entries);
  }

  private static Entry microsoft(String operator, OperatorReader reader) {
    return new Entry(MICROSOFT, operator, reader);
  }
}
