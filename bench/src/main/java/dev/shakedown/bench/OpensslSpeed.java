package dev.shakedown.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code openssl speed} measures of the same primitives, under the names of our benchmarks. */
final class OpensslSpeed {
    /** Arguments of a measurement, the line of its machine-readable result, the field in that, and our name for it. */
    private record Measure(String algorithm, String line, int field, String name) {}

    /** RSA: field 3 is signing, 4 is verifying, seconds each, which are decryption and encryption without padding. */
    private static final List<Measure> MEASURES = List.of(
            new Measure("rsa2048", "+F2", 4, "Premaster.encrypt JDK 2048"),
            new Measure("rsa2048", "+F2", 3, "Premaster.baselineDecrypt JDK 2048"),
            new Measure("rsa3072", "+F2", 4, "Premaster.encrypt JDK 3072"),
            new Measure("rsa4096", "+F2", 4, "Premaster.encrypt JDK 4096"),
            new Measure("ecdhx25519", "+F5", 4, "KeyExchange.agree X25519 JDK"),
            new Measure("ecdhp256", "+F5", 4, "KeyExchange.agree SECP256R1 JDK"),
            new Measure("ecdhp384", "+F5", 4, "KeyExchange.agree SECP384R1 JDK"),
            new Measure("ecdsap256", "+F4", 4, "Signature.verify JDK ECDSA_SECP256R1_SHA256"),
            new Measure("ecdsap384", "+F4", 4, "Signature.verify JDK ECDSA_SECP384R1_SHA384"));

    private OpensslSpeed() {}

    /** @throws IOException when there is no openssl */
    static void require() throws IOException {
        try {
            new ProcessBuilder("openssl", "version").redirectErrorStream(true).start().getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new IOException("--reference needs the program openssl, which is not there", e);
        }
    }

    /** Microseconds an operation. */
    static Map<String, Double> run() throws IOException {
        var results = new LinkedHashMap<String, Double>();
        for (var algorithm : MEASURES.stream().map(Measure::algorithm).distinct().toList()) {
            System.err.println("openssl speed " + algorithm + " …");
            var process = new ProcessBuilder("openssl", "speed", "-mr", "-seconds", "1", algorithm)
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            var lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
            for (var measure : MEASURES) {
                if (measure.algorithm.equals(algorithm)) {
                    results.put(measure.name, micros(lines, measure.line, measure.field));
                }
            }
        }
        return results;
    }

    /** Fields are seconds an operation. */
    static double micros(List<String> lines, String line, int field) {
        return lines.stream().filter(each -> each.startsWith(line + ":")).findFirst()
                .map(each -> Double.parseDouble(each.split(":")[field]) * 1e6)
                .orElseThrow(() -> new IllegalStateException("openssl speed gave no line " + line));
    }
}
