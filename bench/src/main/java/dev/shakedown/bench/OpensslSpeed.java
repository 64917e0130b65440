package dev.shakedown.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures of {@code openssl speed} for the same primitives, under the names of our benchmarks. */
final class OpensslSpeed {
    /**
     * One figure: arguments of the measurement, the line and its field of the machine-readable result, and our name.
     *
     * @param bytes the bytes of an operation where the figure is bytes per second; 0 where it is operations per second
     */
    record Measure(String arguments, String line, int field, int bytes, String name) {
        /** @throws IllegalStateException when the output has no such figure */
        double micros(List<String> output) {
            return output.stream().filter(each -> each.startsWith(line + ":")).findFirst()
                    .map(each -> Double.parseDouble(each.split(":")[field]))
                    .map(perSecond -> 1e6 * Math.max(1, bytes) / perSecond)
                    .orElseThrow(
                            () -> new IllegalStateException("'openssl speed " + arguments + "' gave no line " + line));
        }
    }

    /**
     * For RSA and ECDSA, field 3 is signing and 4 verifying; RSA signing does the work of decryption, and verifying
     * that of encryption.
     */
    static final List<Measure> MEASURES = List.of(
            publicKey("rsa2048", "+F2", 4, "Premaster.encrypt 2048 JDK"),
            publicKey("rsa2048", "+F2", 3, "Premaster.baselineDecrypt 2048 JDK"),
            publicKey("rsa3072", "+F2", 4, "Premaster.encrypt 3072 JDK"),
            publicKey("rsa4096", "+F2", 4, "Premaster.encrypt 4096 JDK"),
            publicKey("ecdhx25519", "+F5", 3, "KeyExchange.agree X25519 JDK"),
            publicKey("ecdhp256", "+F5", 3, "KeyExchange.agree SECP256R1 JDK"),
            publicKey("ecdhp384", "+F5", 3, "KeyExchange.agree SECP384R1 JDK"),
            publicKey("rsa2048", "+F2", 4, "Signature.verify JDK RSA_PKCS1_SHA256"),
            publicKey("ecdsap256", "+F4", 4, "Signature.verify JDK ECDSA_SECP256R1_SHA256"),
            publicKey("ecdsap384", "+F4", 4, "Signature.verify JDK ECDSA_SECP384R1_SHA384"),
            publicKey("ed25519", "+F6", 5, "Signature.verify JDK ED25519"),
            aead("aes-128-gcm", 16, "Record.seal 16 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
            aead("aes-128-gcm", 4096, "Record.seal 4096 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
            aead("chacha20-poly1305", 4096, "Record.seal 4096 TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"));

    private OpensslSpeed() {}

    private static Measure publicKey(String algorithm, String line, int field, String name) {
        return new Measure(algorithm, line, field, 0, name);
    }

    private static Measure aead(String cipher, int bytes, String name) {
        return new Measure("-aead -evp " + cipher + " -bytes " + bytes, "+F", 3, bytes, name);
    }

    /** @throws IOException if there is no openssl */
    static void require() throws IOException {
        try {
            new ProcessBuilder("openssl", "version").redirectErrorStream(true).start().getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new IOException("--reference needs the program openssl, which was not found; install it", e);
        }
    }

    /** Returns microseconds per operation. */
    static Map<String, Double> run() throws IOException {
        var outputs = new LinkedHashMap<String, List<String>>();
        var results = new LinkedHashMap<String, Double>();
        for (var measure : MEASURES) {
            var output = outputs.get(measure.arguments);
            if (output == null) {
                output = run(measure.arguments);
                outputs.put(measure.arguments, output);
            }
            results.put(measure.name, measure.micros(output));
        }
        return results;
    }

    private static List<String> run(String arguments) throws IOException {
        System.err.println("openssl speed " + arguments + " …");
        var command = new ArrayList<>(List.of("openssl", "speed", "-mr", "-seconds", "1"));
        command.addAll(List.of(arguments.split(" ")));
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
}
