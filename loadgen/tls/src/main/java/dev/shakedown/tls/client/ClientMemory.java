package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.DiffieHellman;
import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.DHParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The state that one worker's handshakes share: settings, algorithms, key shares, known servers, sessions. Not
 * thread-safe.
 */
public final class ClientMemory {
    /** More certificate chains than any server farm at one address uses. */
    private static final int MAX_SERVERS = 64;

    private final ClientSettings settings;
    private final HelloOffer offer;
    private final SessionMemory sessions;
    private final Primitives primitives;
    private final SecureRandom secretRandom;
    private final Map<NamedGroup, KeyShare> shares = new EnumMap<>(NamedGroup.class);
    private @Nullable DiffieHellman reused;
    private final List<ServerIdentity> servers = new ArrayList<>();
    private final ByteBuf messages = Unpooled.buffer(1024);
    private final ByteBuf flight = Unpooled.buffer(1024);

    /** @param resumeUses how often each session is offered, as in {@link SessionMemory} */
    public ClientMemory(ClientSettings settings, int resumeUses) {
        this(settings, resumeUses, new HelloOffer(settings), new Primitives(), new SecureRandom());
    }

    /**
     * Creates a memory with the given hellos and sources of randomness, so that a handshake can be repeated byte for
     * byte.
     */
    ClientMemory(ClientSettings settings, int resumeUses, HelloOffer offer, Primitives primitives,
            SecureRandom secretRandom) {
        this.primitives = primitives;
        this.secretRandom = secretRandom;
        this.settings = settings;
        this.offer = offer;
        this.sessions = new SessionMemory(resumeUses);
    }

    public SessionMemory sessions() {
        return sessions;
    }

    /** Whether the client has a certificate for servers that request one. */
    public boolean holdsCertificate() {
        return settings.identity() != null;
    }

    public boolean offers(ProtocolVersion version) {
        return settings.offers(version);
    }

    ClientSettings settings() {
        return settings;
    }

    HelloOffer offer() {
        return offer;
    }

    Primitives primitives() {
        return primitives;
    }

    SecureRandom secretRandom() {
        return secretRandom;
    }

    /**
     * Returns a key pair in {@code group}. The hybrid group has no cheap pair, so only FRESH generates more than one
     * there.
     */
    KeyShare keyShare(NamedGroup group) {
        return switch (settings.keyShare()) {
            case FRESH -> KeyShare.generate(group);
            case REUSED -> shares.computeIfAbsent(group, KeyShare::generate);
            case BASE_POINT -> shares.computeIfAbsent(group, KeyShare::basePoint);
        };
    }

    /**
     * Returns a key pair in a finite-field group that the server specifies.
     *
     * @throws Fault if none can be generated in this group
     */
    DiffieHellman keyShare(DHParameterSpec group) throws Fault {
        return switch (settings.keyShare()) {
            case FRESH -> DiffieHellman.generate(group);
            case REUSED -> {
                if (reused == null || !reused.isIn(group)) {
                    reused = DiffieHellman.generate(group);
                }
                yield reused;
            }
            case BASE_POINT -> DiffieHellman.basePoint(group);
        };
    }

    ServerIdentity server(List<byte[]> chain) {
        for (var server : servers) {
            if (server.has(chain)) {
                return server;
            }
        }
        if (servers.size() == MAX_SERVERS) {
            servers.removeFirst();
        }
        var server = new ServerIdentity(chain);
        servers.add(server);
        return server;
    }

    /** Returns the buffer for a flight's messages that share a record; empty once the flight is sent. */
    ByteBuf messages() {
        return messages;
    }

    /** Returns the buffer for one flight; empty once the flight is sent. */
    ByteBuf flight() {
        return flight;
    }
}
