// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import dev.etch.area.Device;
import dev.etch.area.SpeedGrade;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.Target;
import dev.etch.lower.Folding;
import dev.etch.lower.SharedLayers;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Clock;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.Reload;
import dev.etch.text.antlr.EtchBaseVisitor;
import dev.etch.text.antlr.EtchParser;
import dev.etch.text.antlr.EtchParser.ArrayItemContext;
import dev.etch.text.antlr.EtchParser.BudgetItemContext;
import dev.etch.text.antlr.EtchParser.ClockItemContext;
import dev.etch.text.antlr.EtchParser.LayerItemContext;
import dev.etch.text.antlr.EtchParser.MemoryItemContext;
import dev.etch.text.antlr.EtchParser.ReloadItemContext;
import dev.etch.text.antlr.EtchParser.TargetItemContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.Token;

/** Reads a mapping file. What it leaves out is left to the compiler. */
public final class MappingParser extends EtchBaseVisitor<Void> {
  private static final Set<String> RESOURCES = Set.of("dsp", "lut", "bram");

  private final SourceText source;
  private final Map<String, Folding> layers = new LinkedHashMap<>();
  private final List<SharedLayers> arrays = new ArrayList<>();
  private Optional<Target> target = Optional.empty();
  private Optional<Device> device = Optional.empty();
  private Optional<Clock> clock = Optional.empty();
  private Optional<Budget> budget = Optional.empty();
  private Optional<Reload> reload = Optional.empty();
  private Optional<ExternalMemory> memory = Optional.empty();

  private MappingParser(SourceText source) {
    this.source = source;
  }

  /**
   * Parses a mapping.
   *
   * @param file name for diagnostics
   * @throws DiagnosticException with line and column if the text is not a valid mapping
   */
  public static Mapping parse(String file, String text) {
    SourceText source = new SourceText(file, text);
    MappingParser parser = new MappingParser(source);
    parser.visit(source.parse(EtchParser::mappingFile));
    Target chosen = parser.target.orElse(Target.GENERIC);
    return new Mapping(
        chosen,
        parser.device,
        parser.clock.orElseGet(() -> Clock.assumed(SpeedGrade.fastest(chosen, parser.device))),
        parser.budget.or(() -> parser.device.map(Budget.Resources::of)),
        parser.reload,
        parser.memory.orElse(ExternalMemory.STANDARD),
        parser.layers,
        parser.arrays);
  }

  @Override
  public Void visitTargetItem(TargetItemContext context) {
    requireOnce(target, context.name, "target");
    String id = context.name.getText();
    device = Device.byId(id);
    target = device.map(Device::target).or(() -> Target.byId(id));
    if (target.isEmpty()) {
      throw source.error(
          context.name, "no target " + id, "one of: " + Target.ids() + ", " + Device.ids());
    }
    return null;
  }

  @Override
  public Void visitClockItem(ClockItemContext context) {
    requireOnce(clock, context.megahertz, "clock");
    double megahertz = Double.parseDouble(context.megahertz.getText());
    if (!(megahertz > 0) || Double.isInfinite(megahertz)) {
      throw source.error(context.megahertz, "a clock is above 0 MHz", "");
    }
    clock = Optional.of(Clock.required(megahertz));
    return null;
  }

  @Override
  public Void visitBudgetItem(BudgetItemContext context) {
    requireOnce(budget, context.kinds.get(0), "budget");
    budget = Optional.of(budget(context));
    return null;
  }

  private Budget budget(BudgetItemContext context) {
    Token kind = context.kinds.get(0);
    if (RESOURCES.contains(kind.getText())) {
      return resources(context);
    }
    if (context.kinds.size() > 1) {
      throw source.error(
          context.kinds.get(1), "a second budget", "only dsp, lut and bram go together");
    }
    String amount = context.amounts.get(0).getText();
    try {
      return switch (kind.getText()) {
        case "multipliers" -> new Budget.Multipliers(Integer.parseInt(amount));
        case "fps" -> new Budget.FramesPerSecond(Double.parseDouble(amount));
        case "cycles" -> new Budget.CyclesPerFrame(Long.parseLong(amount));
        default ->
            throw source.error(
                kind,
                "no budget " + kind.getText(),
                "one of: multipliers, fps, cycles, dsp, lut, bram");
      };
    } catch (IllegalArgumentException e) {
      throw source.error(context.amounts.get(0), "not a valid amount: " + e.getMessage(), "");
    }
  }

  private Budget resources(BudgetItemContext context) {
    Map<String, Integer> amounts = new LinkedHashMap<>();
    for (int i = 0; i < context.kinds.size(); i++) {
      Token kind = context.kinds.get(i);
      Token amount = context.amounts.get(i);
      if (!RESOURCES.contains(kind.getText())) {
        throw source.error(kind, "no resource " + kind.getText(), "one of: dsp, lut, bram");
      }
      try {
        if (amounts.put(kind.getText(), Integer.parseInt(amount.getText())) != null) {
          throw source.error(kind, kind.getText() + " is given twice", "keep one of them");
        }
      } catch (NumberFormatException e) {
        throw source.error(amount, "not a whole number", "");
      }
    }
    try {
      return Budget.Resources.of(amounts);
    } catch (IllegalArgumentException e) {
      throw source.error(context.amounts.get(0), e.getMessage(), "");
    }
  }

  @Override
  public Void visitReloadItem(ReloadItemContext context) {
    requireOnce(reload, context.getStart(), "reload");
    reload =
        Optional.of(
            new RecordReader(source, Map.of())
                .record(Reload.class, context.attributes(), context.getStart()));
    return null;
  }

  @Override
  public Void visitMemoryItem(MemoryItemContext context) {
    requireOnce(memory, context.getStart(), "memory");
    memory =
        Optional.of(
            new RecordReader(source, Map.of())
                .record(ExternalMemory.class, context.attributes(), context.getStart()));
    return null;
  }

  @Override
  public Void visitLayerItem(LayerItemContext context) {
    FoldingText text =
        new RecordReader(source, Map.of())
            .record(FoldingText.class, context.attributes(), context.getStart());
    if (layers.put(Quoting.unquote(context.name.getText()), folding(text, context)) != null) {
      throw source.error(context.name, "layer " + context.name.getText() + " is given twice", "");
    }
    return null;
  }

  private Folding folding(FoldingText text, LayerItemContext context) {
    try {
      return text.folding();
    } catch (IllegalArgumentException e) {
      throw source.error(context.getStart(), e.getMessage(), "");
    }
  }

  @Override
  public Void visitArrayItem(ArrayItemContext context) {
    arrays.add(
        new RecordReader(source, Map.of())
            .record(SharedLayers.class, context.attributes(), context.getStart()));
    return null;
  }

  private void requireOnce(Optional<?> earlier, Token token, String what) {
    if (earlier.isPresent()) {
      throw source.error(token, what + " is given twice", "keep one of them");
    }
  }
}
