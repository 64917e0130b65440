package dev.shakedown.tls.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ScriptedServer.Step;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.Refusal;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Diffie-Hellman groups of sizes that Java does not support. */
class OddPrimeTest {
    private static final byte[] PRIME = BigInteger.probablePrime(1000, new Random(1)).toByteArray();

    /** 3<sup>a</sup> · 5<sup>b</sup> of 1,024 bits: an odd composite number. */
    private static final byte[] COMPOSITE = BigInteger.valueOf(3).pow(319)
            .multiply(BigInteger.valueOf(5).pow(223)).toByteArray();

    private static Tls12Exchange exchange(KeyShareMode mode, byte[] prime) {
        return exchange(mode, prime, new byte[]{8});
    }

    private static Tls12Exchange exchange(KeyShareMode mode, byte[] prime, byte[] publicValue) {
        var memory = new ClientMemory(ChangedSettings.with(Tls12Exchange.Kind.DHE.settings(), mode),
                SessionMemory.UNLIMITED);
        var exchange = new Tls12Exchange(Tls12Exchange.Kind.DHE, memory, null);
        exchange.client.start(5);
        exchange.goThrough(List.of(Step.SERVER_HELLO, Step.CERTIFICATE, Step.SERVER_KEY_EXCHANGE),
                Script.instead(Step.SERVER_KEY_EXCHANGE,
                        server -> server.send(server.dhSigned(prime, new byte[]{2}, publicValue))));
        return exchange;
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "BASE_POINT")
    void noKeyCanBeMade(KeyShareMode mode) {
        for (var prime : new byte[][]{PRIME, BigInteger.ONE.shiftLeft(8255).add(BigInteger.ONE).toByteArray()}) {
            var exchange = exchange(mode, prime);
            exchange.assertEndedByClient(Stage.CLIENT_KEY_EXCHANGE, Refusal.DH_GROUP_UNUSABLE);
        }
    }

    /** 15 to any sufficiently large power is 0. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "BASE_POINT")
    void aSecretKnownInAdvanceIsRefused(KeyShareMode mode) {
        assertEquals(1024, new BigInteger(1, COMPOSITE).bitLength());
        exchange(mode, COMPOSITE, new byte[]{15}).assertEndedByClient(Stage.SERVER_KEY_EXCHANGE,
                AlertDescription.ILLEGAL_PARAMETER);
    }

    /** An element of order 3: every third power is 1, which Java rejects as a secret. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "BASE_POINT")
    void aPublicValueOfSmallOrderThrowsNothing(KeyShareMode mode) {
        var prime = BigInteger.ZERO;
        for (var random = new Random(1); !prime.mod(BigInteger.valueOf(3)).equals(BigInteger.ONE);) {
            prime = BigInteger.probablePrime(1024, random);
        }
        var third = prime.subtract(BigInteger.ONE).divide(BigInteger.valueOf(3));
        var value = BigInteger.TWO.modPow(third, prime);
        for (var base = 3; value.equals(BigInteger.ONE); base++) {
            value = BigInteger.valueOf(base).modPow(third, prime);
        }
        for (var i = 0; i < 10; i++) {
            var exchange = exchange(mode, prime.toByteArray(), value.toByteArray());
            if (exchange.client.state() instanceof ClientState.Failed failed
                    && failed.stage() == Stage.SERVER_KEY_EXCHANGE) {
                exchange.assertEndedByClient(Stage.SERVER_KEY_EXCHANGE, AlertDescription.ILLEGAL_PARAMETER);
            } else {
                // This server has no private key, so it cannot continue.
                exchange.client.transportEnded("gone", "gone");
            }
        }
    }

    /** Key 1 needs no computation: the client continues, but this server, which has no private key, cannot. */
    @Test
    void keyOneNeedsNone() {
        var memory = new ClientMemory(Tls12Exchange.Kind.DHE.settings(), SessionMemory.UNLIMITED);
        var exchange = new Tls12Exchange(Tls12Exchange.Kind.DHE, memory, null);
        exchange.client.start(5);
        for (var step : new Step[]{Step.SERVER_HELLO, Step.CERTIFICATE}) {
            exchange.server.honest(step);
        }
        exchange.server.send(exchange.server.dhSigned(PRIME, new byte[]{2}, new byte[]{8}));
        assertEquals(Stage.SERVER_HELLO_DONE, exchange.client.state().stage());
    }
}
