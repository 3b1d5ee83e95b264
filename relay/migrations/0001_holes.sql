CREATE TABLE `holes` (
	`device_row` integer NOT NULL,
	`first` integer NOT NULL,
	`last` integer NOT NULL,
	`previous` blob NOT NULL,
	PRIMARY KEY(`device_row`, `last`),
	FOREIGN KEY (`device_row`) REFERENCES `devices`(`id`) ON UPDATE no action ON DELETE no action
);
