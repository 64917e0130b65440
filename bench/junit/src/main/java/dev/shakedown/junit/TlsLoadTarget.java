package dev.shakedown.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the field of a test class, or its method without parameters, that says which server {@link TlsLoad} loads. It
 * is read when a load begins, so a {@code @BeforeAll} or {@code @BeforeEach} method may start the server. It may be
 * static. Its value is one of these:
 *
 * <ul>
 * <li>a {@link dev.shakedown.server.TlsServer}, the embedded server,
 * <li>an {@link java.net.InetSocketAddress}; the wildcard address means this machine,
 * <li>an {@link Integer}, a port of this machine,
 * <li>a {@link String}, as in {@link TlsLoad#target},
 * <li>a {@link dev.shakedown.net.Target}.
 * </ul>
 */
@Documented
@Target({ElementType.FIELD, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface TlsLoadTarget {
}
