#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "report/ddl.h"

/* "makes users", "drops name of users", "moves a to b", followed by "?" if guarded. */
static const char *said(const char *statement) {
    static char text[256];
    static const char *const kinds[] = {"nothing", "makes", "drops", "moves"};
    struct ddl ddl = ddl_read(text_of(statement));
    if (ddl.kind == DDL_NONE) {
        return "nothing";
    }
    int length =
        snprintf(text, sizeof text, "%s%s %.*s", kinds[ddl.kind], ddl.is_guarded ? "?" : "", TEXT_ARGS(ddl.name));
    if (ddl.owner.length > 0) {
        length += snprintf(text + length, sizeof text - (size_t)length, " of %.*s", TEXT_ARGS(ddl.owner));
    }
    if (ddl.to.length > 0) {
        snprintf(text + length, sizeof text - (size_t)length, " to %.*s", TEXT_ARGS(ddl.to));
    }
    return text;
}

static void what_is_made_dropped_and_moved(void **state) {
    static const char *const cases[][2] = {
        {"create table users ( id int )", "makes users"},
        {"create table if not exists public.users ( id int )", "makes? users"},
        {"create temporary table a ( )", "makes a"},
        {"create unique index a_x on only a ( x )", "makes a_x of a"},
        {"create index concurrently if not exists a_x on a ( x )", "makes? a_x of a"},
        {"create index on a ( x )", "nothing"},
        {"create or replace view v as select 1", "makes? v"},
        {"create materialized view v as select 1", "makes v"},
        {"create type kind as enum ( 'a' )", "makes kind"},
        {"create policy p on public.posts for select using ( true )", "makes p of posts"},
        {"alter table users add column name text", "makes name of users"},
        {"alter table only users add name text", "makes name of users"},
        {"alter table users add column if not exists name text", "makes? name of users"},
        {"alter table a add constraint a_fk foreign key ( b ) references b ( id )", "makes a_fk of a"},
        {"alter table a add check ( x > 0 )", "nothing"},
        {"alter table a add unique ( x )", "nothing"},
        {"alter type kind add value 'external'", "makes 'external' of kind"},
        {"alter type kind add value if not exists 'external' before 'a'", "makes? 'external' of kind"},
        {"alter table users alter column name set not null", "nothing"},
        {"alter table users enable row level security", "nothing"},
        {"alter table users drop column name", "drops name of users"},
        {"alter table users drop constraint if exists c", "drops? c of users"},
        {"drop table users cascade", "drops users"},
        {"drop table if exists users", "drops? users"},
        {"drop policy p on posts", "drops p of posts"},
        {"alter table users rename to people", "moves users to people"},
        {"alter table users rename column a to b", "moves a of users to b"},
        {"alter table users rename a to b", "moves a of users to b"},
        {"alter type req rename value 'a' to 'b'", "moves 'a' of req to 'b'"},
        {"alter table users set schema old", "moves users"},
        {"alter table only ( users ) add a int", "makes a of users"},
        {"alter table users * add a int", "makes a of users"},
        {"create index i on only ( users ) ( a )", "makes i of users"},
        {"drop group g", "drops g"},
        {"alter table users add \"column\" int", "makes column of users"},
        {"alter table users add exclude int", "makes exclude of users"},
        {"alter table users add exclude using gist ( a with = )", "nothing"},
        {"alter table users rename value to b", "moves value of users to b"},
        {"alter type req rename attribute a to b", "moves a of req to b"},
        {"create function concurrently ( ) returns int", "makes concurrently"},
        {"comment on table users is 'x'", "nothing"},
        {"grant select on users to x", "nothing"},
        {"insert into users values ( 1 )", "nothing"},
        {"create", "nothing"},
        {"", "nothing"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(said(cases[i][0]), cases[i][1]);
    }
}

static void what_a_transaction_cannot_hold(void **state) {
    static const char *const cases[][2] = {
        {"create index concurrently a_x on a ( x )", "CREATE INDEX CONCURRENTLY"},
        {"create unique index concurrently a_x on a ( x )", "CREATE INDEX CONCURRENTLY"},
        {"create index a_x on a ( concurrently )", ""},
        {"reindex table concurrently a", "REINDEX CONCURRENTLY"},
        {"reindex table a", ""},
        {"vacuum analyze a", "VACUUM"},
        {"alter system set work_mem = '1GB'", "ALTER SYSTEM"},
        {"commit", "COMMIT"},
        {"end", "END"},
        {"rollback", "ROLLBACK"},
        {"rollback to savepoint a", ""},
        {"begin", ""},
        {"alter table a detach partition b concurrently", "DETACH PARTITION CONCURRENTLY"},
        {"alter table a detach partition b", ""},
        {"refresh materialized view concurrently v", ""},
        {"cluster", "CLUSTER"},
        {"cluster a using a_x", ""},
        {"prepare transaction 'x'", "PREPARE TRANSACTION"},
        {"prepare p as select 1", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *what = ddl_forbidden(text_of(cases[i][0]));
        assert_string_equal(what ? what : "", cases[i][1]);
        assert_true(!what || ddl_may_be_forbidden(text_of(cases[i][0])));
    }
}

static void a_name_is_mentioned_as_a_token_or_behind_its_schema(void **state) {
    assert_true(ddl_mentions(TEXT("alter table public.users add x kind"), TEXT("users")));
    assert_true(ddl_mentions(TEXT("alter table users add x kind"), TEXT("kind")));
    assert_false(ddl_mentions(TEXT("alter table users_old add x kinds"), TEXT("users")));
    assert_false(ddl_mentions(TEXT("alter table users_old add x kinds"), TEXT("kind")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_made_dropped_and_moved),
        cmocka_unit_test(what_a_transaction_cannot_hold),
        cmocka_unit_test(a_name_is_mentioned_as_a_token_or_behind_its_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
