// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SQL texts as strings in the program.  They stay files of their own so
 * that plain sqlite3 runs them too.  The assembler reads them, from the top
 * folder, so the compiler's dependency file does not name them.
 */
#define TEXT(symbol, path)						\
	__asm__(".pushsection .rodata\n"				\
		".globl " symbol "\n"					\
		".type " symbol ", @object\n"				\
		symbol ":\n"						\
		".incbin \"" path "\"\n"				\
		".byte 0\n"						\
		".size " symbol ", . - " symbol "\n"			\
		".popsection\n")

TEXT("store_schema_1", "results/schema.sql");
TEXT("store_schema_2", "results/schema-2.sql");
TEXT("report_css", "results/report.css");
TEXT("report_js", "results/report.js");

#define QUERY(symbol, name)						\
	TEXT("query_" #symbol, "results/sql/" name ".sql");
#include "queries.def"
