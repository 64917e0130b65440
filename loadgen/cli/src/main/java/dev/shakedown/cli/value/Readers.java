package dev.shakedown.cli.value;

import dev.shakedown.load.Mix;
import dev.shakedown.run.value.Durations;
import dev.shakedown.run.value.Hosts;
import dev.shakedown.run.value.Names;
import dev.shakedown.run.value.Numbers;
import dev.shakedown.run.value.Rate;
import dev.shakedown.run.value.Server;
import dev.shakedown.run.value.Share;
import dev.shakedown.run.value.Versions;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * The readers of options' values, one for each type, shared by all commands. They refuse a value with a sentence that
 * does not name the option.
 */
public final class Readers {
    private static final Map<Class<?>, Function<String, ?>> ALL = new LinkedHashMap<>();

    static {
        with(Integer.class, Numbers::small);
        with(int.class, Numbers::small);
        with(Long.class, Numbers::whole);
        with(long.class, Numbers::whole);
        with(Path.class, Readers::path);
        with(Duration.class, Durations::parse);
        with(Rate.class, Rate::parse);
        with(Share.class, Share::parse);
        with(Mix.class, Mix::parse);
        with(Server.class, Server::parse);
        with(InetSocketAddress.class, Hosts::listener);
        with(Versions.class, Versions::parse);
        with(ProtocolVersion.class, Versions::one);
        with(CipherSuite.class, Names::suite);
        with(NamedGroup.class, Names::group);
    }

    private Readers() {}

    /** Returns the types that have a reader, besides enums. */
    public static Set<Class<?>> types() {
        return Set.copyOf(ALL.keySet());
    }

    /** Returns the values of an option or argument, if there are only some; empty if there are any number. */
    public static List<String> values(ArgSpec arg) {
        var type = arg.auxiliaryTypes()[0];
        if (type == CipherSuite.class) {
            return Arrays.stream(CipherSuite.values()).map(suite -> Names.of(suite).getFirst()).toList();
        }
        if (type == NamedGroup.class) {
            return Arrays.stream(NamedGroup.values()).map(group -> Names.of(group).getFirst()).toList();
        }
        if (type == ProtocolVersion.class || type == Versions.class) {
            return Arrays.stream(ProtocolVersion.values()).map(ProtocolVersion::option).toList();
        }
        return type.isEnum() ? Constants.labels(type) : List.of();
    }

    /** Returns why the reader of a type refuses a text; empty if it accepts the text, or there is no reader. */
    public static Optional<String> refusal(Class<?> type, String text) {
        try {
            var _ = ALL.getOrDefault(type, Function.identity()).apply(text);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Registers all readers with a command and its subcommands. */
    public static void register(CommandLine command) {
        ALL.forEach((type, reader) -> register(command, type, reader));
        registerConstants(command, command.getCommandSpec());
    }

    private static void registerConstants(CommandLine command, CommandSpec spec) {
        spec.args().stream().flatMap(arg -> Arrays.stream(arg.auxiliaryTypes())).filter(Class::isEnum)
                .filter(type -> !ALL.containsKey(type)).distinct()
                .forEach(type -> register(command, type, text -> Constants.read(type, text)));
        spec.subcommands().values().forEach(below -> registerConstants(command, below.getCommandSpec()));
    }

    private static <T> void with(Class<T> type, Function<String, T> reader) {
        ALL.put(type, reader);
    }

    @SuppressWarnings("unchecked")
    private static void register(CommandLine command, Class<?> type, Function<String, ?> reader) {
        command.registerConverter((Class<Object>) type, (ITypeConverter<Object>) text -> {
            try {
                return reader.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        });
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException _) {
            throw new IllegalArgumentException("'" + text.replace('\0', '?') + "' is not a file path");
        }
    }
}
