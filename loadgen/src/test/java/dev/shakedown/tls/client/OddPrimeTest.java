package dev.shakedown.tls.client;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.ScriptedServer.Step;
import dev.shakedown.tls.wire.AlertDescription;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Diffie-Hellman groups of sizes that Java does not take. */
class OddPrimeTest {
    private static final byte[] PRIME = BigInteger.probablePrime(1000, new Random(1)).toByteArray();

    private static Scene scene(KeyShareMode mode, byte[] prime) {
        var memory = new ClientMemory(ChangedSettings.with(Scene.Kind.DHE.settings(), mode), SessionMemory.UNLIMITED);
        return new Scene(Scene.Kind.DHE, memory, null).play(Script.instead(Step.SERVER_KEY_EXCHANGE,
                server -> server.send(server.dhSigned(prime, new byte[]{2}, new byte[]{8}))));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "BASE_POINT")
    void noKeyCanBeMade(KeyShareMode mode) {
        for (var prime : new byte[][]{PRIME, BigInteger.ONE.shiftLeft(8255).add(BigInteger.ONE).toByteArray()}) {
            var scene = scene(mode, prime);
            scene.assertEndedByClient(Stage.CLIENT_KEY_EXCHANGE, AlertDescription.HANDSHAKE_FAILURE);
            assertTrue(scene.failure().meaning().contains("with --key-share base-point"), scene.failure().meaning());
        }
    }

    /** Key 1 takes no computation: it goes on, up to what this server cannot know, which holds no key of its own. */
    @Test
    void keyOneNeedsNone() {
        var memory = new ClientMemory(Scene.Kind.DHE.settings(), SessionMemory.UNLIMITED);
        var scene = new Scene(Scene.Kind.DHE, memory, null);
        scene.client.start(5);
        for (var step : new Step[]{Step.SERVER_HELLO, Step.CERTIFICATE}) {
            scene.server.honest(step);
        }
        scene.server.send(scene.server.dhSigned(PRIME, new byte[]{2}, new byte[]{8}));
        assertInstanceOf(ClientState.AwaitServerHelloDone.class, scene.client.state());
    }
}
