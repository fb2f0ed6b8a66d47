/* A session gets its order complete and unchanged, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/postgres/order.h"

static char user[] = "user", app[] = "app", password[] = "password", secret[] = "p w";
static char directory[] = "/run/postgresql", name[] = "db", address[] = "192.0.2.1", port[] = "5432", no_port[] = "";
static char *keywords[] = {user, password, NULL}, *values[] = {app, secret, NULL};
static struct ledger_host hosts[] = {{directory, NULL, port, true}, {name, address, no_port, false}};

static struct wire_buffer put(void) {
    struct ledger_order order = {.target = {keywords, values, 2, hosts, 2, NULL},
                                 .schema = "\"drizzle\"",
                                 .table = "\"migrations\"",
                                 .timeout_ms = 5000,
                                 .lookup = {.addresses = {{"db", "192.0.2.1", "5432"}}, .count = 1}};
    struct wire_buffer buffer = {0};
    ledger_order_put(&buffer, &order);
    assert_false(buffer.is_failed);
    return buffer;
}

static void forget(const struct ledger_order *order) {
    free(order->target.hosts);
    free(order->target.keywords);
    free(order->target.values);
}

static void what_is_taken_is_what_was_put(void **state) {
    struct wire_buffer buffer = put();
    struct ledger_order order;
    assert_true(ledger_order_take(buffer.bytes, buffer.length, &order));
    assert_int_equal(order.timeout_ms, 5000);
    assert_string_equal(order.schema, "\"drizzle\"");
    assert_string_equal(order.table, "\"migrations\"");
    assert_int_equal(order.target.host_count, 2);
    assert_true(order.target.hosts[0].is_local);
    assert_null(order.target.hosts[0].address);
    assert_string_equal(order.target.hosts[0].host, "/run/postgresql");
    assert_false(order.target.hosts[1].is_local);
    assert_string_equal(order.target.hosts[1].address, "192.0.2.1");
    assert_int_equal(order.target.count, 2);
    assert_string_equal(order.target.keywords[1], "password");
    assert_string_equal(order.target.values[1], "p w");
    assert_null(order.target.keywords[2]);
    assert_null(order.target.values[2]);
    assert_int_equal(order.lookup.count, 1);
    assert_string_equal(order.lookup.addresses[0].host, "db");
    assert_string_equal(order.lookup.addresses[0].port, "5432");
    forget(&order);
    wire_release(&buffer);
}

static void what_ends_too_soon_is_not_taken(void **state) {
    struct wire_buffer buffer = put();
    for (size_t length = 0; length < buffer.length; length++) {
        struct ledger_order order;
        assert_false(ledger_order_take(buffer.bytes, length, &order));
        forget(&order);
    }
    wire_release(&buffer);
}

static void more_addresses_than_there_is_room_for_are_not_taken(void **state) {
    struct wire_buffer buffer = {0};
    struct ledger_lookup lookup;
    wire_put_number(&buffer, LEDGER_ADDRESS_MAXIMUM + 1);
    for (int i = 0; i <= LEDGER_ADDRESS_MAXIMUM; i++) {
        wire_put_string(&buffer, "db");
        wire_put_string(&buffer, "192.0.2.1");
        wire_put_string(&buffer, "5432");
    }
    struct wire_message message = {.at = buffer.bytes, .end = buffer.bytes + buffer.length};
    assert_false(ledger_addresses_take(&message, &lookup));
    wire_release(&buffer);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken_is_what_was_put),
        cmocka_unit_test(what_ends_too_soon_is_not_taken),
        cmocka_unit_test(more_addresses_than_there_is_room_for_are_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
