package dev.shakedown.run.value;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.NamedGroup;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names of cipher suites and groups, in all the ways in which people and programs write them. */
public final class Names {
    private static final int EXAMPLES = 3;

    private Names() {}

    /**
     * Reads a cipher suite's name, IANA's or OpenSSL's.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static CipherSuite suite(String text) {
        return read("cipher suite", text, CipherSuite.values(), Names::of);
    }

    /**
     * Reads a group's name: {@code p256}, {@code P-256}, {@code secp256r1} and {@code prime256v1} are the same.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static NamedGroup group(String text) {
        return read("group", text, NamedGroup.values(), Names::of);
    }

    /** Returns the IANA name, and the OpenSSL name if it differs (ciphers(1)). */
    public static List<String> of(CipherSuite suite) {
        if (suite.isTls13()) {
            return List.of(suite.name());
        }
        var openSsl = suite.name().replaceFirst("^TLS_(RSA_WITH_)?", "").replace("3DES_EDE_CBC", "DES-CBC3")
                .replace("RC4_128", "RC4").replace("_WITH", "").replace("_CBC", "")
                .replace("AES_", "AES").replace("POLY1305_SHA256", "POLY1305").replace('_', '-');
        return List.of(suite.name(), openSsl);
    }

    /** Returns the name in RFCs first, then those of NIST and OpenSSL. */
    public static List<String> of(NamedGroup group) {
        return switch (group) {
            case X25519 -> List.of(group.label(), "curve25519");
            case X25519MLKEM768 -> List.of(group.label(), "mlkem768x25519");
            case SECP256R1 -> List.of(group.label(), "P-256", "prime256v1");
            case SECP384R1 -> List.of(group.label(), "P-384");
        };
    }

    private static <E> E read(String what, String text, E[] all, Function<E, List<String>> names) {
        var plain = plain(text);
        return Arrays.stream(all)
                .filter(each -> names.apply(each).stream().anyMatch(name -> plain(name).equals(plain))).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not a known " + what
                        + "; write one such as " + Stream.of(all).limit(EXAMPLES)
                                .map(each -> String.join(" or ", names.apply(each))).collect(Collectors.joining(", "))
                        + Suggestion.among(text,
                                Arrays.stream(all).flatMap(each -> names.apply(each).stream()).toList())));
    }

    /** Removes what programs write in different ways. */
    private static String plain(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    }
}
