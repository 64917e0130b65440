package dev.shakedown.junit;

import dev.shakedown.net.Authorization;
import dev.shakedown.net.Target;
import dev.shakedown.results.HostPort;
import dev.shakedown.run.TargetAddresses;
import dev.shakedown.run.WatchedServer;
import dev.shakedown.run.value.Server;
import dev.shakedown.server.TlsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * The server that a test loads.
 *
 * @param targets at least one; several take turns
 * @param watched what is watched of the server
 */
record Loaded(List<Target> targets, WatchedServer watched) {
    private static final String VALUES = "write HOST:PORT, an InetSocketAddress, a port, a Target or a TlsServer";

    private Loaded(List<Target> targets) {
        this(targets, new WatchedServer.Nothing());
    }

    /**
     * The annotation's target, or else the value of what is marked in the test's class or in those around it.
     *
     * @throws IllegalArgumentException with a sentence for people, if there is none, or it may not be loaded
     */
    static Loaded of(TlsLoad asked, ExtensionContext context) throws InterruptedException {
        var authorization = Authorization.of(asked.authorizedTargets());
        try {
            return asked.target().isEmpty()
                    ? of(marked(context), authorization)
                    : of(Server.parse(asked.target()), authorization);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "host '" + e.getMessage() + "' has no address that this machine can find", e);
        } catch (Target.NotAuthorizedException e) {
            throw new IllegalArgumentException(e.getMessage() + "; if you may, say so with authorizedTargets = \""
                    + HostPort.address(e.address()) + "\"", e);
        }
    }

    private static Loaded of(@Nullable Object value, Authorization authorization)
            throws UnknownHostException, InterruptedException {
        return switch (value) {
            case TlsServer server ->
                new Loaded(List.of(Target.loopback(server.address())), new WatchedServer.Embedded(server));
            case Target target -> new Loaded(List.of(target));
            case InetSocketAddress socket when socket.isUnresolved() -> throw new UnknownHostException(
                    socket.getHostString());
            case InetSocketAddress socket when socket.getAddress().isAnyLocalAddress() -> local(socket.getPort());
            case InetSocketAddress socket ->
                new Loaded(List.of(Target.of(HostPort.address(socket.getAddress()), socket.getPort(), authorization)));
            case Integer port -> local(port);
            case String text -> of(Server.parse(text), authorization);
            case null -> throw new IllegalArgumentException("@TlsLoadTarget is null when the load begins; " + VALUES);
            default -> throw new IllegalArgumentException("@TlsLoadTarget is a " + value.getClass().getName() + "; "
                    + VALUES);
        };
    }

    private static Loaded local(int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(port + " is not the port of a server; write one from 1 to 65535");
        }
        return new Loaded(List.of(Target.loopback(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))));
    }

    /** Returns all addresses of the host that accept connections. */
    private static Loaded of(Server server, Authorization authorization)
            throws UnknownHostException, InterruptedException {
        var address = server.address();
        return new Loaded(TargetAddresses.of(server.name().isEmpty()
                ? Target.all(address.host(), address.port(), authorization)
                : List.of(Target.at(server.name().get(), address.host(), address.port(), authorization))).loaded());
    }

    /** Finds the marked field or method; the innermost class counts, and in it a field before a method. */
    private static @Nullable Object marked(ExtensionContext context) {
        for (var instance : context.getRequiredTestInstances().getAllInstances().reversed()) {
            var type = instance.getClass();
            for (var field : AnnotationSupport.findAnnotatedFields(type, TlsLoadTarget.class)) {
                return ReflectionSupport.tryToReadFieldValue(field, instance)
                        .getOrThrow(e -> new ExtensionConfigurationException("cannot read " + field, e));
            }
            for (var method : AnnotationSupport.findAnnotatedMethods(type, TlsLoadTarget.class,
                    HierarchyTraversalMode.BOTTOM_UP)) {
                if (method.getParameterCount() > 0) {
                    throw new IllegalArgumentException("@TlsLoadTarget on " + method.getName()
                            + ", which takes parameters; write a method without any");
                }
                return ReflectionSupport.invokeMethod(method, instance);
            }
        }
        throw new IllegalArgumentException("nothing says which server to load; give @TlsLoad a target, or mark a field"
                + " or a method with @TlsLoadTarget");
    }
}
