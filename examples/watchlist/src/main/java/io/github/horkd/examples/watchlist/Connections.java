package io.github.horkd.examples.watchlist;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;

/**
 * Connections that ask for nothing: only so many of one client, and none for longer than a time. A connection brings one request, so that one without a whole
 * head has brought none.
 */
final class Connections implements Connection.Listener, AutoCloseable {

    static final int MOST = 512;
    static final int MOST_OF_A_CLIENT = 64;

    /** Since when it is there, by a clock that does not jump. */
    private record Opened(InetAddress client, long nanos) {}

    private final Map<Connection, Opened> open = new ConcurrentHashMap<>();
    private final Map<InetAddress, Integer> ofClients = new ConcurrentHashMap<>();
    private final long patience;
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "connections");
        thread.setDaemon(true);
        return thread;
    });

    Connections(Duration patience) {
        this.patience = patience.toNanos();
        long often = Math.max(50, patience.toMillis() / 4);
        var unused = sweeper.scheduleWithFixedDelay(this::sweep, often, often, TimeUnit.MILLISECONDS);
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress client) {
            open.put(connection, new Opened(client.getAddress(), System.nanoTime()));
            if (ofClients.merge(client.getAddress(), 1, Integer::sum) > MOST_OF_A_CLIENT) {
                connection.getEndPoint().close();
            }
        }
    }

    @Override
    public void onClosed(Connection connection) {
        Opened opened = open.remove(connection);
        if (opened != null) {
            ofClients.computeIfPresent(opened.client(), (client, count) -> count == 1 ? null : count - 1);
        }
    }

    private void sweep() {
        long now = System.nanoTime();
        open.forEach((connection, opened) -> {
            if (connection.getMessagesIn() == 0 && now - opened.nanos() > patience) {
                connection.getEndPoint().close();
            }
        });
    }

    @Override
    public void close() {
        sweeper.shutdownNow();
    }
}
