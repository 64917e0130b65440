package dev.shakedown.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.MemberScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.shakedown.comparison.Comparison;
import dev.shakedown.comparison.GateResult;
import dev.shakedown.experiment.CapacityResult;
import dev.shakedown.experiment.CostResult;
import dev.shakedown.gate.Signals;
import dev.shakedown.results.Json;
import dev.shakedown.results.RunResult;
import dev.shakedown.trace.ScanReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The JSON Schemas of results, which lie in {@code results/schema}, and how all but {@code trace} follow from the
 * records that the results are written from.
 */
public final class Schemas {
    /** What is written from a record, by the name of its schema. */
    static final Map<String, Class<?>> TYPES = new TreeMap<>(
            Map.of("run", RunResult.class, "capacity", CapacityResult.class, "cost", CostResult.class, "comparison",
                    Comparison.class, "gate", GateResult.class, "signals", Signals.class, "scan", ScanReport.class));
    /** Under which name a result has all of its kind, where there are several. */
    private static final Map<String, String> SEVERAL = Map.of("capacity", "mixes", "cost", "versions");
    /** Those in which {@code null} is written, and not left out. */
    private static final Set<String> WITH_NULLS = Set.of("scan", "signals");
    /** Results that no command writes a whole file of, by a name at their top that only they have. */
    private static final Map<String, String> PRINTED = Map.of("kinds", "run", "capacity", "capacity", "blocks", "cost",
            "sides", "comparison", "gate", "gate", "signals", "signals", "servers", "scan", "connections", "trace");

    private static final Path DIRECTORY = Path.of("../../results/schema");
    private static final Map<String, JsonSchema> CLOSED = new ConcurrentHashMap<>();

    private Schemas() {}

    static Path file(String name) {
        return DIRECTORY.resolve(name + ".schema.json");
    }

    /** Fails unless a result is as its schema says, and has no name that the schema does not tell of. */
    public static void hold(JsonNode result) {
        var name = PRINTED.entrySet().stream().filter(each -> result.has(each.getKey())).map(Map.Entry::getValue)
                .findFirst().orElseThrow(() -> new AssertionError("no schema is for " + result));
        var wrong = CLOSED.computeIfAbsent(name, Schemas::closed).validate(result);
        if (!wrong.isEmpty()) {
            throw new AssertionError(name + ".schema.json: " + wrong + " in " + result);
        }
    }

    /** Holds against their schemas all results that lie in a directory or below it. */
    public static void holdAllIn(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (var file : (Iterable<Path>) files.filter(Schemas::isResult)::iterator) {
                hold(Json.PLAIN.readTree(Files.readAllBytes(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isResult(Path file) {
        var name = file.getFileName().toString();
        return name.equals("begun.json")
                || name.endsWith(".json") && TYPES.containsKey(name.substring(0, name.length() - ".json".length()));
    }

    private static JsonSchema closed(String name) {
        try {
            var schema = Json.PLAIN.readTree(Files.readAllBytes(file(name)));
            close(schema);
            return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(schema);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Consumers must bear names that they do not know; here each must be one that the schema tells of. */
    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object && object.has("properties") && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(Schemas::close);
    }

    /** The schema that follows from a record, as it is committed. */
    static String text(String name) {
        var withNulls = WITH_NULLS.contains(name);
        var config = new SchemaGeneratorConfigBuilder(Json.PLAIN, SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(Option.NONSTATIC_NONVOID_NONGETTER_METHODS, Option.FLATTENED_ENUMS,
                        Option.NULLABLE_ARRAY_ITEMS_ALLOWED)
                .with(new JacksonModule(JacksonOption.INCLUDE_ONLY_JSONPROPERTY_ANNOTATED_METHODS,
                        JacksonOption.FLATTENED_ENUMS_FROM_JSONPROPERTY));
        config.forTypesInGeneral().withPropertySorter((_, _) -> 0);
        config.forFields().withRequiredCheck(field -> isAlwaysThere(field, withNulls));
        config.forMethods().withRequiredCheck(method -> isAlwaysThere(method, withNulls));
        // What a list lacks is null in any case.
        config.forFields().withNullableCheck(
                field -> (withNulls || field.isFakeContainerItemScope()) && isNullable(type(field)));
        var schema = new SchemaGenerator(config.build()).generateSchema(TYPES.get(name));
        var all = Json.PLAIN.createObjectNode().put("$schema", schema.remove("$schema").textValue())
                .put("title", "Shakedown: " + name).put("type", "object");
        var properties = all.putObject("properties");
        properties.putObject("formatVersion").put("const", Json.FORMAT_VERSION);
        var own = (ObjectNode) schema.remove("properties");
        var several = SEVERAL.get(name);
        if (several != null) {
            own.putObject(several).put("type", "array").putObject("items").put("$ref", "#/$defs/One");
        }
        properties.setAll(own);
        var required = all.putArray("required").add("formatVersion");
        if (schema.has("required")) {
            schema.get("required").forEach(required::add);
        }
        var definitions = all.putObject("$defs");
        if (schema.get("$defs") instanceof ObjectNode found) {
            definitions.setAll(found);
        }
        if (several != null) {
            var one = definitions.putObject("One").put("type", "object");
            one.set("properties", own.deepCopy().without(several));
            one.set("required", schema.get("required"));
        }
        // The generator calls what a method gives by the method's name and its parentheses.
        return Json.text(Json.INDENTED, all).replace("()\"", "\"");
    }

    /** Whether each result has it. */
    private static boolean isAlwaysThere(MemberScope<?, ?> member, boolean withNulls) {
        var include = member.getAnnotation(JsonInclude.class);
        return (include == null || include.value() == JsonInclude.Include.ALWAYS)
                && (withNulls || !isNullable(type(member)));
    }

    private static boolean isNullable(@Nullable AnnotatedElement type) {
        return type != null && type.isAnnotationPresent(Nullable.class);
    }

    /** The declared type of a member; of what its list holds where that is what is meant. */
    private static @Nullable AnnotatedType type(MemberScope<?, ?> member) {
        var type = switch (member.getRawMember()) {
            case Field field -> field.getAnnotatedType();
            case Method method -> method.getAnnotatedReturnType();
            default -> null;
        };
        if (member.isFakeContainerItemScope() && type instanceof AnnotatedParameterizedType container) {
            var arguments = container.getAnnotatedActualTypeArguments();
            return arguments[arguments.length - 1];
        }
        return type;
    }
}
