package dev.shakedown.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.net.Target.NotAuthorizedException;
import java.lang.reflect.Modifier;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** There is no target for a server that may not be loaded. */
class TargetTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "localhost"})
    void thisMachineMayBeLoaded(String host) throws UnknownHostException {
        var target = Target.of(host, 443, Authorization.NONE);
        assertEquals(host, target.host());
        assertEquals(Optional.empty(), target.authorizedBy());
        assertTrue(target.isLoopback());
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, ''", "192.0.2.1, 192.0.2.2", "192.0.2.8, 192.0.2.0/29", "0.0.0.0, ''", "2001:db8::1, ''",
        "192.0.2.1, 2001:db8::/32", "2001:db8::1, 0.0.0.0/0", "192.0.2.1, example.org"})
    void anotherMayNotUnlessSomethingAllowsIt(String host, String entry) {
        var authorization = entry.isEmpty() ? Authorization.NONE : Authorization.of(entry);
        var refusal = assertThrows(NotAuthorizedException.class, () -> Target.of(host, 443, authorization));
        assertEquals(new InetSocketAddress(host, 443).getAddress(), refusal.address());
        assertThrows(NotAuthorizedException.class, () -> Target.loopback(new InetSocketAddress(host, 443)));
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.7, 192.0.2.0/29", "192.0.2.1, 192.0.2.1", "192.0.2.1, 0.0.0.0/0",
        "2001:db8::1, 2001:db8::/32"})
    void whatAllowsItIsKept(String host, String entry) throws UnknownHostException {
        var target = Target.of(host, 443, Authorization.of("198.51.100.1", entry));
        assertEquals(Optional.of(entry), target.authorizedBy());
    }

    @Test
    void whatHasNoAddressIsNoTarget() {
        var nowhere = InetSocketAddress.createUnresolved("localhost", 443);
        assertThrows(IllegalArgumentException.class, () -> Target.loopback(nowhere));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10/8", "192.0.2.9/33", "example.org/24", "a b", ""})
    void aMalformedEntryAllowsNothing(String entry) {
        assertThrows(IllegalArgumentException.class, () -> Authorization.of("192.0.2.9", entry));
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.7, 192.0.2.7", "192.0.2.7, 192.0.2.0/24"})
    void aNameIsAskedForWhereTheAddressAllowsIt(String address, String entry) throws UnknownHostException {
        var target = Target.at("www.example.org", address, 443, Authorization.of(entry));
        assertEquals("www.example.org", target.host());
        assertEquals(new InetSocketAddress(address, 443), target.socket());
        assertEquals(Optional.of(entry), target.authorizedBy());
    }

    /** Otherwise any address could be loaded under an authorized name. */
    @Test
    void aNameThatIsAskedForAuthorizesNoAddress() {
        var authorization = Authorization.of("www.example.org");
        assertThrows(NotAuthorizedException.class,
                () -> Target.at("www.example.org", "192.0.2.7", 443, authorization));
    }

    @Test
    void allAddressesOfAHostPassOrNone() throws UnknownHostException {
        var all = Target.all("localhost", 443, Authorization.NONE);
        assertEquals(Target.of("localhost", 443, Authorization.NONE).socket(), all.getFirst().socket());
        assertTrue(all.stream().allMatch(Target::isLoopback));
        assertThrows(NotAuthorizedException.class, () -> Target.all("192.0.2.1", 443, Authorization.NONE));
    }

    /** Only the checked factory methods create targets; no constructor, subclass or copy avoids the check. */
    @Test
    void thereIsNoWayAroundTheGuard() {
        assertTrue(Modifier.isFinal(Target.class.getModifiers()));
        assertTrue(Arrays.stream(Target.class.getDeclaredConstructors())
                .allMatch(constructor -> Modifier.isPrivate(constructor.getModifiers())));
        assertEquals(Set.of("of", "at", "loopback"),
                Arrays.stream(Target.class.getDeclaredMethods())
                        .filter(method -> method.getReturnType() == Target.class && !method.isSynthetic())
                        .map(method -> method.getName()).collect(Collectors.toSet()));
    }
}
