package dev.shakedown.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.shakedown.load.Schedule;
import dev.shakedown.load.Schedule.Phase;
import dev.shakedown.results.WholeFile;
import dev.shakedown.run.value.Suggestion;
import dev.shakedown.run.value.Rate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A plan of phases, read from YAML or JSON, which is a subset of YAML.
 *
 * @param arrivals how arrivals are spaced; {@code null} for constant
 * @param options  options by name without hyphens, which apply unless the command line gives them
 * @param phases   the phases in order
 */
public record PlanFile(Schedule.@Nullable Shape arrivals, Map<String, String> options, List<Entry> phases) {
    /**
     * One phase: a rate, a ramp or bursts, for a given time.
     *
     * @param name     the name in reports; {@code null} for the phase's number
     * @param duration such as {@code 30s}
     */
    public record Entry(@Nullable String name, @Nullable String duration, @Nullable Rate rate, @Nullable Ramp ramp,
            @Nullable Burst burst) {}

    /** A change from one rate to another in a straight line. */
    public record Ramp(@Nullable Rate from, @Nullable Rate to) {}

    /** A number of handshakes at once, repeated at an interval such as {@code 1s}. */
    public record Burst(long count, String every) {}

    /** The file name of a plan in a result directory. */
    public static final String NAME = "plan.yaml";

    private static final int MOST_PHASES = 200;
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER).defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS).build();

    /**
     * Reads a plan.
     *
     * @param what what to call the plan in an error message, such as the option that names its file
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static PlanFile read(String what, Path file) {
        try {
            var plan = YAML.readValue(TextFile.read(file), PlanFile.class);
            if (plan == null || plan.phases == null || plan.phases.isEmpty() || plan.phases.size() > MOST_PHASES) {
                throw new IllegalArgumentException(what + " " + file + " must have from 1 to " + MOST_PHASES
                        + " phases in a list named phases");
            }
            return plan;
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new IllegalArgumentException(what + " " + file + (at == null || at.getLineNr() < 1
                    ? ""
                    : ", line " + at.getLineNr()) + ": " + words(e), e);
        } catch (IOException e) {
            throw new IllegalArgumentException(what + " " + file + " cannot be read");
        }
    }

    /** Says what is wrong with a plan, in words for its author. */
    private static String words(JsonProcessingException e) {
        return switch (e) {
            case UnrecognizedPropertyException stray -> {
                var known = stray.getKnownPropertyIds().stream().map(String::valueOf).toList();
                yield "'" + stray.getPropertyName() + "' is not known here; write one of " + String.join(", ", known)
                        + Suggestion.among(stray.getPropertyName(), known);
            }
            case JsonMappingException none when none.getCause() instanceof IllegalArgumentException refusal ->
                path(none) + refusal.getMessage();
            case InvalidFormatException wrong when wrong.getTargetType().isEnum() -> {
                var known = Arrays.stream(wrong.getTargetType().getEnumConstants())
                        .map(constant -> RunPlan.label((Enum<?>) constant)).toList();
                yield path(wrong) + "'" + wrong.getValue() + "' is not one of " + String.join(", ", known)
                        + Suggestion.among(String.valueOf(wrong.getValue()), known);
            }
            case InvalidFormatException wrong -> path(wrong) + "'" + wrong.getValue() + "' is not a whole number";
            case JsonMappingException wrong when !(wrong.getCause() instanceof JsonProcessingException) ->
                path(wrong) + "this has the wrong form";
            default -> "this is not valid YAML";
        };
    }

    private static String path(JsonMappingException e) {
        var last = e.getPath().isEmpty() ? null : e.getPath().getLast().getFieldName();
        return last == null ? "" : last + ": ";
    }

    /**
     * Returns the schedule of the phases.
     *
     * @param what     what to call the plan in an error message
     * @param override how arrivals are spaced, whatever the plan says; {@code null} to follow the plan
     * @throws IllegalArgumentException with a sentence for the user
     */
    public Schedule schedule(String what, Schedule.@Nullable Shape override) {
        var all = new ArrayList<Phase>();
        var number = 0;
        for (var entry : phases) {
            all.addAll(phases(what, entry, "phase " + ++number));
        }
        if (all.stream().allMatch(phase -> phase.fromPerSecond() + phase.toPerSecond() == 0)) {
            throw new IllegalArgumentException(what + ": no phase has a rate above 0");
        }
        return new Schedule(override != null ? override : arrivals == null ? Schedule.Shape.CONSTANT : arrivals, all);
    }

    private static List<Phase> phases(String plan, @Nullable Entry entry, String number) {
        var what = plan + ", " + number;
        if (entry == null) {
            throw new IllegalArgumentException(what + " is empty; it must have exactly one of rate, ramp and burst");
        }
        var name = entry.name == null ? number : entry.name;
        if ((entry.rate == null ? 0 : 1) + (entry.ramp == null ? 0 : 1) + (entry.burst == null ? 0 : 1) != 1) {
            throw new IllegalArgumentException(what + " must have exactly one of rate, ramp and burst");
        }
        var nanos = nanos(what + ", duration", entry.duration);
        if (entry.rate != null) {
            return List.of(new Phase(name, nanos, entry.rate.perSecond(), entry.rate.perSecond(), 1));
        }
        if (entry.ramp != null) {
            if (entry.ramp.from == null || entry.ramp.to == null) {
                throw new IllegalArgumentException(what + ", ramp, must have from and to");
            }
            return LoadShapes.ramp(what, name, entry.ramp.from.perSecond(), entry.ramp.to.perSecond(), nanos);
        }
        var burst = Objects.requireNonNull(entry.burst);
        if (burst.count < 1) {
            throw new IllegalArgumentException(what + ", burst: count must be at least 1");
        }
        return List.of(
                LoadShapes.burst(name, burst.count, nanos(what + ", burst, every", burst.every), nanos));
    }

    private static long nanos(String what, @Nullable String text) {
        if (text == null) {
            throw new IllegalArgumentException(what + " is missing; write one such as 500ms, 30s or 5m");
        }
        return LoadShapes.nanos(what, text);
    }

    /** Returns this plan with arrivals spaced in this way. */
    public PlanFile with(Schedule.Shape shape) {
        return new PlanFile(shape, options, phases);
    }

    /** Returns this plan with the options that a command gave, by their long names without hyphens. */
    public PlanFile with(Map<String, String> given) {
        return new PlanFile(arrivals, new TreeMap<>(given), phases);
    }

    /** Writes this plan as YAML. */
    public void write(Path file) throws IOException {
        WholeFile.write(file, YAML.writeValueAsString(this));
    }

    /** Returns this plan's options as arguments, except those in {@code given}, by their long names without hyphens. */
    public List<String> arguments(Set<String> given) {
        return options == null
                ? List.of()
                : options.entrySet().stream().filter(option -> !given.contains(option.getKey()))
                        .map(option -> "--" + option.getKey() + "=" + option.getValue()).toList();
    }
}
