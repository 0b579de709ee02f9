import { setTimeout as sleep } from 'node:timers/promises';
import { PNG, WAV } from './media.ts';
import { text, tool, type FixtureTool } from './tool.ts';

/** Contents of every kind, failures, logs and progress. */
export const basicTools: readonly FixtureTool[] = [
  tool('test_simple_text', 'Answers with a text', () => text('This is a simple text response for testing.')),
  tool('test_image_content', 'Answers with a picture', () => ({
    content: [{ type: 'image', data: PNG, mimeType: 'image/png' }],
  })),
  tool('test_audio_content', 'Answers with a sound', () => ({
    content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }],
  })),
  tool('test_embedded_resource', 'Answers with a resource', () => ({
    content: [
      {
        type: 'resource',
        resource: {
          uri: 'test://embedded-resource',
          mimeType: 'text/plain',
          text: 'This is an embedded resource content.',
        },
      },
    ],
  })),
  tool('test_multiple_content_types', 'Answers with several kinds of content', () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      { type: 'image', data: PNG, mimeType: 'image/png' },
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: JSON.stringify({ test: 'data', value: 123 }),
        },
      },
    ],
  })),
  tool('test_error_handling', 'Fails on purpose', () => ({
    ...text('This tool intentionally returns an error for testing'),
    isError: true,
  })),
  tool('test_tool_with_logging', 'Logs what it does', async (_args, context) => {
    for (const step of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await context.log('info', step);
      await sleep(50);
    }
    return text('Tool with logging executed successfully');
  }),
  tool('test_tool_with_progress', 'Reports progress', async (_args, context) => {
    for (const progress of [0, 50, 100]) {
      await context.progress(progress, 100);
      await sleep(50);
    }
    return text('Tool with progress executed successfully');
  }),
  tool('test_logging_tool', 'Logs through the request', async (_args, context) => {
    await context.log('info', 'only for those who asked');
    return text('logged');
  }),
  tool('test_reconnection', 'Lets its stream be closed before it answers', async (_args, context) => {
    context.detach({ retryMs: 500 });
    await sleep(100);
    return text('Reconnection test completed successfully');
  }),
];
