-- Only a database without envelopes comes here: H has changed, and migrate.ts refuses the others.
CREATE TABLE `holes` (
	`device_row` integer NOT NULL,
	`first` integer NOT NULL,
	`last` integer NOT NULL,
	`previous` blob NOT NULL,
	PRIMARY KEY(`device_row`, `last`),
	FOREIGN KEY (`device_row`) REFERENCES `devices`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `cursors` ADD `head_header` blob;--> statement-breakpoint
ALTER TABLE `cursors` ADD `head_body_hash` blob;--> statement-breakpoint
ALTER TABLE `cursors` ADD `head_signature` blob;--> statement-breakpoint
DROP TABLE `envelopes`;--> statement-breakpoint
CREATE TABLE `envelopes` (
	`id` integer PRIMARY KEY NOT NULL,
	`group_row` integer NOT NULL,
	`cursor` integer NOT NULL,
	`device_row` integer NOT NULL,
	`sequence` integer NOT NULL,
	`received_at_ms` integer NOT NULL,
	`hash` blob NOT NULL,
	`header` blob NOT NULL,
	`nonce` blob NOT NULL,
	`body_hash` blob NOT NULL,
	`signature` blob NOT NULL,
	`ciphertext` blob NOT NULL,
	FOREIGN KEY (`group_row`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`device_row`) REFERENCES `devices`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `envelopes_by_cursor` ON `envelopes` (`group_row`,`cursor`);--> statement-breakpoint
CREATE UNIQUE INDEX `envelopes_by_sequence` ON `envelopes` (`device_row`,`sequence`);