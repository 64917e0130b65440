package dev.shakedown.load;

import dev.shakedown.net.prelude.Dialogue;
import dev.shakedown.net.prelude.Dialogue.Next;
import dev.shakedown.net.prelude.Prelude;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetSocketAddress;

/** What one connection says before its handshake, and hears. */
final class PreludeTalk {
    /** Who speaks for the client. */
    interface Speaker {
        void say(byte[] bytes);

        /** TLS may begin. */
        void beginTls();

        /** It may not; one sentence says why. */
        void refused(String meaning);
    }

    private final Prelude prelude;
    private final Speaker speaker;
    private Dialogue dialogue;
    private boolean over;

    PreludeTalk(Prelude prelude, Speaker speaker) {
        this.prelude = prelude;
        this.speaker = speaker;
        this.dialogue = prelude.dialogue();
        this.over = prelude.isEmpty();
    }

    /** Whether TLS may have begun. */
    boolean isOver() {
        return over;
    }

    /** The connection stands: says what comes before the ClientHello, or what asks for leave to send one. */
    void open(InetSocketAddress client, InetSocketAddress server) {
        speaker.say(prelude.opening(dialogue, client, server));
        if (dialogue == null) {
            end();
        }
    }

    void hear(ByteBuf bytes) {
        switch (dialogue.hear(ByteBufUtil.getBytes(bytes))) {
            case Next.Listen _ -> {
                // more is to come
            }
            case Next.Say say -> speaker.say(say.bytes());
            case Next.Begin begin -> {
                speaker.say(begin.last());
                end();
            }
            case Next.Refused refused -> speaker.refused(refused.meaning());
        }
    }

    private void end() {
        dialogue = null;
        over = true;
        speaker.beginTls();
    }
}
