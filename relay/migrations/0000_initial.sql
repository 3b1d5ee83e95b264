CREATE TABLE `audit_log` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at_ms` integer NOT NULL,
	`event` text NOT NULL,
	`group_prefix` text,
	`detail` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `cursors` (
	`device_row` integer PRIMARY KEY NOT NULL,
	`head_sequence` integer DEFAULT 0 NOT NULL,
	`head_hash` blob,
	`acknowledged` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`device_row`) REFERENCES `devices`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `devices` (
	`id` integer PRIMARY KEY NOT NULL,
	`group_row` integer NOT NULL,
	`device_key` blob NOT NULL,
	`record_body` blob NOT NULL,
	`device_signature` blob NOT NULL,
	`auth_signature` blob NOT NULL,
	`enrolled_at_ms` integer NOT NULL,
	FOREIGN KEY (`group_row`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `devices_by_key` ON `devices` (`group_row`,`device_key`);--> statement-breakpoint
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
	`ciphertext` blob NOT NULL,
	`signature` blob NOT NULL,
	FOREIGN KEY (`group_row`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`device_row`) REFERENCES `devices`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `envelopes_by_cursor` ON `envelopes` (`group_row`,`cursor`);--> statement-breakpoint
CREATE UNIQUE INDEX `envelopes_by_sequence` ON `envelopes` (`device_row`,`sequence`);--> statement-breakpoint
CREATE TABLE `groups` (
	`id` integer PRIMARY KEY NOT NULL,
	`group_id` blob NOT NULL,
	`auth_key` blob NOT NULL,
	`epoch` integer DEFAULT 0 NOT NULL,
	`head` integer DEFAULT 0 NOT NULL,
	`floor` integer DEFAULT 0 NOT NULL,
	`bytes` integer DEFAULT 0 NOT NULL,
	`envelopes` integer DEFAULT 0 NOT NULL,
	`received_at_ms` integer DEFAULT 0 NOT NULL,
	`devices` integer DEFAULT 0 NOT NULL,
	`devices_version` integer DEFAULT 0 NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `groups_group_id_unique` ON `groups` (`group_id`);--> statement-breakpoint
CREATE TABLE `invites` (
	`id` integer PRIMARY KEY NOT NULL,
	`mailbox_id` blob NOT NULL,
	`group_row` integer NOT NULL,
	`state` text NOT NULL,
	`claim_token` blob,
	`payload` blob NOT NULL,
	`expires_at_ms` integer NOT NULL,
	FOREIGN KEY (`group_row`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invites_mailbox_id_unique` ON `invites` (`mailbox_id`);--> statement-breakpoint
CREATE INDEX `invites_by_group` ON `invites` (`group_row`);--> statement-breakpoint
CREATE INDEX `invites_by_expiry` ON `invites` (`expires_at_ms`);--> statement-breakpoint
CREATE TABLE `relay_metadata` (
	`name` text PRIMARY KEY NOT NULL,
	`value` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`device_row` integer NOT NULL,
	`started_at_ms` integer NOT NULL,
	FOREIGN KEY (`device_row`) REFERENCES `devices`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sessions_by_device` ON `sessions` (`device_row`);