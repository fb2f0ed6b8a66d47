/* libpq, loaded when the first database is named: 20 libraries come with it, which take half of the
 * start of a command. To be included instead of <libpq-fe.h>; the functions keep their names, as
 * macros, so that the program has no symbol that libpq's own calls could be bound to. */
#ifndef MIGFS_LEDGER_POSTGRES_LIBPQ_H
#define MIGFS_LEDGER_POSTGRES_LIBPQ_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "migfs/util/error.h"

/* Loads it for this process and those that it forks, unless that has been done. It stays loaded.
 * Call before starting threads. ERROR_USAGE if it, or one of its functions, is not there; none of
 * them may be called then. */
bool libpq_load(struct error *error);

/* All functions that are used. */
#define LIBPQ_FUNCTIONS(USE)                                                                                           \
    USE(PQclear)                                                                                                       \
    USE(PQcmdStatus)                                                                                                   \
    USE(PQconndefaults)                                                                                                \
    USE(PQconnectPoll)                                                                                                 \
    USE(PQconnectStartParams)                                                                                          \
    USE(PQconnectionNeedsPassword)                                                                                     \
    USE(PQconninfoFree)                                                                                                \
    USE(PQconninfoParse)                                                                                               \
    USE(PQconsumeInput)                                                                                                \
    USE(PQdb)                                                                                                          \
    USE(PQerrorMessage)                                                                                                \
    USE(PQfformat)                                                                                                     \
    USE(PQfinish)                                                                                                      \
    USE(PQflush)                                                                                                       \
    USE(PQfreemem)                                                                                                     \
    USE(PQftype)                                                                                                       \
    USE(PQgetResult)                                                                                                   \
    USE(PQgetisnull)                                                                                                   \
    USE(PQgetlength)                                                                                                   \
    USE(PQgetvalue)                                                                                                    \
    USE(PQisBusy)                                                                                                      \
    USE(PQnfields)                                                                                                     \
    USE(PQnotifies)                                                                                                    \
    USE(PQntuples)                                                                                                     \
    USE(PQpass)                                                                                                        \
    USE(PQresultErrorField)                                                                                            \
    USE(PQresultErrorMessage)                                                                                          \
    USE(PQresultStatus)                                                                                                \
    USE(PQsendQuery)                                                                                                   \
    USE(PQsetErrorVerbosity)                                                                                           \
    USE(PQsetNoticeReceiver)                                                                                           \
    USE(PQsetSingleRowMode)                                                                                            \
    USE(PQsetnonblocking)                                                                                              \
    USE(PQsocket)                                                                                                      \
    USE(PQstatus)                                                                                                      \
    USE(PQtransactionStatus)                                                                                           \
    USE(PQuser)

/* Pointers of the types that libpq-fe.h declares; NULL before libpq_load(). */
#define LIBPQ_DECLARE(name) extern __typeof__(name) *libpq_##name;
LIBPQ_FUNCTIONS(LIBPQ_DECLARE)
#undef LIBPQ_DECLARE

/* A function that is missing above or below does not compile or link. */
#define PQclear libpq_PQclear
#define PQcmdStatus libpq_PQcmdStatus
#define PQconndefaults libpq_PQconndefaults
#define PQconnectPoll libpq_PQconnectPoll
#define PQconnectStartParams libpq_PQconnectStartParams
#define PQconnectionNeedsPassword libpq_PQconnectionNeedsPassword
#define PQconninfoFree libpq_PQconninfoFree
#define PQconninfoParse libpq_PQconninfoParse
#define PQconsumeInput libpq_PQconsumeInput
#define PQdb libpq_PQdb
#define PQerrorMessage libpq_PQerrorMessage
#define PQfformat libpq_PQfformat
#define PQfinish libpq_PQfinish
#define PQflush libpq_PQflush
#define PQfreemem libpq_PQfreemem
#define PQftype libpq_PQftype
#define PQgetResult libpq_PQgetResult
#define PQgetisnull libpq_PQgetisnull
#define PQgetlength libpq_PQgetlength
#define PQgetvalue libpq_PQgetvalue
#define PQisBusy libpq_PQisBusy
#define PQnfields libpq_PQnfields
#define PQnotifies libpq_PQnotifies
#define PQntuples libpq_PQntuples
#define PQpass libpq_PQpass
#define PQresultErrorField libpq_PQresultErrorField
#define PQresultErrorMessage libpq_PQresultErrorMessage
#define PQresultStatus libpq_PQresultStatus
#define PQsendQuery libpq_PQsendQuery
#define PQsetErrorVerbosity libpq_PQsetErrorVerbosity
#define PQsetNoticeReceiver libpq_PQsetNoticeReceiver
#define PQsetSingleRowMode libpq_PQsetSingleRowMode
#define PQsetnonblocking libpq_PQsetnonblocking
#define PQsocket libpq_PQsocket
#define PQstatus libpq_PQstatus
#define PQtransactionStatus libpq_PQtransactionStatus
#define PQuser libpq_PQuser

#endif
