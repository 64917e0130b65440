package dev.shakedown.tls.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.Recording.Replay;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client whose bytes differ from the recorded ones would fail at the server's Finished. */
class ReplayedHandshakeTest {
    @ParameterizedTest
    @EnumSource
    void completes(ReplayedHandshake rehearsal) {
        var replay = new Replay(rehearsal.client(), null);
        replay.client.receive(Unpooled.wrappedBuffer(rehearsal.received()), 0);
        assertInstanceOf(Done.class, replay.client.state());
        assertEquals(rehearsal.version(), replay.client.version());
    }
}
