DROP TABLE `sessions`;--> statement-breakpoint
ALTER TABLE `groups` ADD `creator` blob;--> statement-breakpoint
CREATE INDEX `groups_by_creator` ON `groups` (`creator`);--> statement-breakpoint
CREATE INDEX `audit_by_event` ON `audit_log` (`event`);--> statement-breakpoint
CREATE INDEX `audit_by_group` ON `audit_log` (`event`,`group_prefix`);